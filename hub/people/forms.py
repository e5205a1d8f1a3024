from django import forms


class SignupDetails(forms.Form):
    def signup(self, request, user):
        pass
