from django.utils.deprecation import MiddlewareMixin


class LanguageMiddleware(MiddlewareMixin):
    pass


class PersonMiddleware(MiddlewareMixin):
    pass
