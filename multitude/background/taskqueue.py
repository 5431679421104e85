"""django_tasks_db as an app of this project: its tables, without the pages in English that it adds to admin."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from django_tasks_db.apps import TasksAppConfig


class TaskQueueConfig(TasksAppConfig):
    """The queue of tasks; the status page says in words what is wrong with it."""

    verbose_name = _("Tâches de fond")  # type: ignore[assignment]

    def ready(self) -> None:
        """Take its tables out of admin, where admin has looked before."""
        super().ready()
        from django_tasks_db.models import DBTaskResult

        if admin.site.is_registered(DBTaskResult):
            admin.site.unregister(DBTaskResult)
