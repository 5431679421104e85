"""Accounts as administrators see them: Django's pages, the way back for who has lost the second factor, and the record."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, Permission, User
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.forms import CheckboxSelectMultiple
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _

from multitude import deskpages
from multitude.accounts import factors, record, sessions
from multitude.accounts.forms import PasswordForm
from multitude.accounts.pages import form_page
from multitude.deskrequests import Forbearing
from multitude.models import AccountEvent
from multitude.numerals import is_key

_HIDDEN = ("account", "mfa", "sessions", "contenttypes", "admin", "sites")


class AccountAdmin(Forbearing, UserAdmin):
    """Django's accounts, with the second factor, the last login, and no key that no row can have."""

    list_display = ("username", "email", "first_name", "last_name", "is_staff", "has_second_factor", "last_login")
    readonly_fields = ("second_factor", "last_login", "date_joined")
    fieldsets = (
        *UserAdmin.fieldsets[:3],  # type: ignore[index]
        (_("Connexions"), {"fields": ("second_factor", "last_login", "date_joined")}),
    )

    # A few groups are ticked; what Django draws for a choice among hundreds has labels that no screen reader reads.
    filter_horizontal = ()

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Have groups ticked, and leave out the rights to tables that no page shows."""
        if db_field.name == "groups":
            kwargs["widget"] = CheckboxSelectMultiple()
        elif db_field.name == "user_permissions":
            shown = Permission.objects.exclude(content_type__app_label__in=_HIDDEN)
            kwargs["queryset"] = shown.select_related("content_type")
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def get_urls(self) -> list[URLPattern]:
        """Add the page that resets a second factor."""
        view = self.admin_site.admin_view(form_page(self.reset_view))
        return [path("<id>/second-facteur/", view, name="auth_user_second_factor"), *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """Know who has a second factor."""
        has_one = Authenticator.objects.filter(user=OuterRef("pk")).exclude(type=factors.Type.RECOVERY_CODES)
        return super().get_queryset(request).annotate(has_one=Exists(has_one))

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Leave those who may do more to each other: who could change their password would be one of them."""
        return super().has_change_permission(request, obj) and not _may_more(obj, request.user)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """The same goes for deleting."""
        return super().has_delete_permission(request, obj) and not _may_more(obj, request.user)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Have nobody make themselves one who may do everything."""
        fields = super().get_readonly_fields(request, obj)
        return fields if request.user.is_superuser else (*fields, "is_superuser", "user_permissions", "groups")

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        """Change somebody's password: every session of theirs ends."""
        user = self._account(request, id)
        before = user.password
        response = super().user_change_password(request, str(user.pk), form_url)
        user.refresh_from_db(fields=["password"])
        if user.password != before:
            own = request.session.session_key if user.pk == request.user.pk else None
            sessions.end_all(user, but=own)
            record.note(record.Kind.PASSWORD_CHANGED, user, request, by=request.user.get_username())
        return response

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Tell the owner at the address that was changed; end the sessions of an account that may not be here any more."""
        super().save_model(request, obj, form, change)
        if change and "email" in form.changed_data:
            by, before = request.user.get_username(), form.initial["email"]
            record.note(record.Kind.EMAIL_CHANGED, obj, request, by=by, told_at=before)
        if not (obj.is_active and obj.is_staff) and sessions.end_all(obj):
            record.note(record.Kind.SESSIONS_ENDED, obj, request, by=request.user.get_username())

    def reset_view(self, request: HttpRequest, id: str) -> HttpResponse:
        """Ask for one's own password, and take the second factors from a colleague who has lost them."""
        user = self._account(request, id)
        form = PasswordForm(request, request.POST or None)
        if request.method == "POST" and form.is_valid():
            factors.reset(user, by=request.user.get_username(), request=request)
            messages.success(request, _("Le second facteur est réinitialisé, et les sessions du compte sont fermées."))
            return HttpResponseRedirect(reverse("admin:auth_user_change", args=[user.pk]))
        context = deskpages.context(self, request, _("Réinitialiser le second facteur"))
        context |= {"form": form, "account": user, "has_one": factors.has_one(user)}
        return TemplateResponse(request, "admin/account/reset.html", context)

    @admin.display(description=_("second facteur"), boolean=True)
    def has_second_factor(self, user: Any) -> bool:
        """Say whether the account has one."""
        return user.has_one

    @admin.display(description=_("second facteur"))
    def second_factor(self, user: User) -> str:
        """Name the account's factors."""
        found = Authenticator.objects.filter(user=user).exclude(type=factors.Type.RECOVERY_CODES).order_by("pk")
        if not found:
            return str(_("Aucun"))
        return ", ".join(factors.name_of(each) for each in found)

    def _account(self, request: HttpRequest, key: str) -> User:
        """Return an account that whoever asks may change; raises Http404 for a key that none has."""
        text = unquote(key)
        found = self.get_object(request, text) if is_key(text) else None
        if not self.has_change_permission(request, found):
            raise PermissionDenied
        if found is None:
            raise Http404
        return found


class RightsAdmin(Forbearing, GroupAdmin):
    """Django's groups: whoever may change one gives rights, to themselves too, and may do everything by that."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Leave it to those who may do everything."""
        return bool(request.user.is_superuser)

    def has_change_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        """The same for a group that there is."""
        return bool(request.user.is_superuser)

    def has_delete_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        """And for taking it away."""
        return bool(request.user.is_superuser)


class AccountEventAdmin(Forbearing, deskpages.Barred, deskpages.Titled):
    """Who logged in when, and all that happened to accounts: read, never written."""

    # Events add themselves, and time alone removes them.
    nobody_may = frozenset({"add", "change", "delete"})

    list_title = adding_title = changing_title = _("Journal des comptes")

    list_display = ("at", "name", "kind", "detail", "address", "browser", "by")
    list_filter = ("kind", "at")
    search_fields = ("username",)
    ordering = ("-at", "-pk")
    list_display_links = None
    list_per_page = 100
    show_full_result_count = False

    class Media:
        css = {"all": ["css/admin.css"]}

    @admin.display(description=_("compte"), ordering="username")
    def name(self, event: AccountEvent) -> str:
        """Return whose account it was; a name that no account has is not kept."""
        return event.username or str(_("inconnu"))


def _may_more(account: User | None, user: Any) -> bool:
    """Return whether an account has a right that somebody lacks; one that is disabled may get its own back."""
    if account is None or user.is_superuser:
        return False
    theirs, own = (Permission.objects.filter(Q(user=each) | Q(group__user=each)) for each in (account, user))
    return account.is_superuser or theirs.exclude(pk__in=own.values("pk")).exists()


def register() -> None:
    """Show accounts and what happened to them; allauth's tables are nobody's to look into."""
    admin.site.unregister([EmailAddress, Authenticator, Group, User])
    admin.site.register(User, AccountAdmin)
    admin.site.register(Group, RightsAdmin)
    admin.site.register(AccountEvent, AccountEventAdmin)
