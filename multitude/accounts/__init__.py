"""The newsroom's accounts: logging in, the second factor, sessions, and the record of all that.

Django keeps the accounts and their passwords, django-allauth's `mfa` the second factors and what they are checked
with. The pages are ours and stand under /admin/; allauth has no address on this site.
"""
