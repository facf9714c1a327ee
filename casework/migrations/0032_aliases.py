"""Aliases of one city, dated, by whom, ended and never deleted; and what is still to be classified by an index of its own."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

TO_CLASSIFY = models.Q(item=None, stage__in=("screening", "assignment"))


def keep_aliases(apps, editor):
    """No alias is deleted. SQLite made the table of their history anew, and with it go the triggers that it had."""
    if editor.connection.vendor == "postgresql":
        editor.execute(
            'CREATE TRIGGER "casework_alias_no_delete" BEFORE DELETE ON "casework_alias" '
            "FOR EACH ROW EXECUTE FUNCTION casework_refuse()"
        )
        editor.execute(
            'CREATE TRIGGER "casework_alias_no_delete_all" BEFORE TRUNCATE ON "casework_alias" '
            "FOR EACH STATEMENT EXECUTE FUNCTION casework_refuse()"
        )
        return
    for table, event in (("alias", "DELETE"), ("historicalalias", "UPDATE"), ("historicalalias", "DELETE")):
        name = f"casework_{table}_no_{event.lower()}"
        editor.execute(f'DROP TRIGGER IF EXISTS "{name}"')
        editor.execute(
            f'CREATE TRIGGER "{name}" BEFORE {event} ON "casework_{table}" '
            f"BEGIN SELECT RAISE(ABORT, 'casework_{table} is kept for the audit'); END"
        )


def by_hand(of_history):
    """Whose account it is: the history refers to it without a constraint, as everywhere."""
    if of_history:
        return {
            "blank": True,
            "db_constraint": False,
            "null": True,
            "on_delete": django.db.models.deletion.DO_NOTHING,
            "related_name": "+",
        }
    return {
        "blank": True,
        "db_index": False,
        "null": True,
        "on_delete": django.db.models.deletion.PROTECT,
        "related_name": "+",
    }


def new_fields(model, *, of_history):
    return [
        migrations.AddField(model, "at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField(
            model, "by", models.ForeignKey(to=settings.AUTH_USER_MODEL, **by_hand(of_history))
        ),
        migrations.AddField(model, "city", models.ForeignKey(to="casework.unit", **by_hand(of_history))),
        migrations.AddField(model, "ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended")),
        migrations.AddField(
            model, "ended_by", models.ForeignKey(to=settings.AUTH_USER_MODEL, **by_hand(of_history))
        ),
        migrations.AlterField(model, "words", models.CharField(max_length=200, verbose_name="words")),
    ]


class Migration(migrations.Migration):
    dependencies = [("casework", "0031_urged")]

    operations = [
        *new_fields("alias", of_history=False),
        *new_fields("historicalalias", of_history=True),
        migrations.AlterField(
            "alias",
            "item",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="aliases",
                to="casework.catalogueitem",
                verbose_name="item",
            ),
        ),
        migrations.AddConstraint(
            "alias",
            models.UniqueConstraint(
                fields=("words",),
                condition=models.Q(city=None, ended_at=None),
                name="alias_of_every_city_is_unique",
            ),
        ),
        migrations.AddConstraint(
            "alias",
            models.UniqueConstraint(
                fields=("city", "words"),
                condition=models.Q(city__isnull=False, ended_at=None),
                name="alias_of_a_city_is_unique",
            ),
        ),
        migrations.AddIndex(
            "case",
            models.Index(fields=["county", "category_words"], condition=TO_CLASSIFY, name="to_classify_in_county"),
        ),
        migrations.AddIndex(
            "case",
            models.Index(fields=["city", "category_words"], condition=TO_CLASSIFY, name="to_classify_in_city"),
        ),
        migrations.RunPython(keep_aliases, migrations.RunPython.noop),
    ]
