"""A long list of citizens is made into a workbook by a worker, and kept for a day for who asked."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0004_words_are_found'),
        ('towns', '0004_where_a_town_is'),
    ]

    operations = [
        migrations.CreateModel(
            name='CitizenFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('search', models.CharField(blank=True, max_length=80)),
                ('columns', models.JSONField(default=list)),
                ('order', models.CharField(max_length=20)),
                ('language', models.CharField(choices=[('fr', 'Français'), ('en', 'English')], max_length=2)),
                ('asked_at', models.DateTimeField()),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('lease_until', models.DateTimeField(null=True)),
                ('data', models.BinaryField(default=b'')),
                ('count', models.PositiveIntegerField(default=0)),
                ('ready_at', models.DateTimeField(null=True)),
                ('failed_at', models.DateTimeField(null=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('town', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='towns.town')),
            ],
            options={
                'indexes': [models.Index(fields=['asked_at'], name='citizen_files_by_age')],
            },
        ),
    ]
