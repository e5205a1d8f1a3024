"""Files that people send: checked, named at random, served only to those allowed."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class StoredFile(models.Model):
    """One checked file, stored under a random name. Whoever may see it is decided by what it is attached to."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="files")
    name = models.CharField(_("nom du fichier"), max_length=160)
    content_type = models.CharField(max_length=100)
    size_bytes = models.PositiveBigIntegerField()
    width_px = models.PositiveIntegerField(null=True, blank=True)
    height_px = models.PositiveIntegerField(null=True, blank=True)
    content = models.FileField(upload_to="files", max_length=60)
    thumbnail = models.FileField(upload_to="files", max_length=60, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name

    @property
    def is_picture(self) -> bool:
        return self.content_type.startswith("image/")
