"""Basis documents, the register of document numbers, bulletins with their figures, publications and receipts."""

import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models

from oversight.migrations import _frozen_0003 as database


def keep(apps, editor):
    """The database refuses to change or remove what an auditor would ask for."""
    database.append_only(
        editor,
        "oversight_issueddocument",
        "oversight_figure",
        "oversight_naming",
        "oversight_publication",
        "oversight_bulletinreceipt",
        "oversight_historicalbasedocument",
        "oversight_historicalbulletin",
        "oversight_historicalbulletinsection",
    )
    database.kept(editor, "oversight_basedocument", "oversight_bulletin", "oversight_bulletinsection")
    database.frozen(
        editor, "oversight_recipient", "publication_id", "membership_id", "unit_id", "unit_name", "order"
    )
    database.done(editor, "oversight_bulletin", "OLD.state = 'published'")
    database.done(editor, "oversight_bulletinsection", "OLD.frozen_at IS NOT NULL")


class Migration(migrations.Migration):

    dependencies = [
        ('casework', '0027_office_roles'),
        ('oversight', '0007_opinions_and_requirements'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='BaseDocument',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=200, verbose_name='title')),
                ('number', models.CharField(blank=True, max_length=60, verbose_name='document number')),
                ('dated', models.DateField(blank=True, null=True, verbose_name='dated')),
                ('issuing_body', models.CharField(blank=True, max_length=100, verbose_name='issuing body')),
                ('file', models.JSONField(blank=True, null=True)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('mechanism', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='base_documents', to='oversight.mechanism')),
            ],
            options={
                'verbose_name': 'basis document',
                'verbose_name_plural': 'basis documents',
                'ordering': [models.OrderBy(models.F('dated'), descending=True, nulls_last=True), '-id'],
            },
        ),
        migrations.CreateModel(
            name='Bulletin',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('first_day', models.DateField(verbose_name='first day')),
                ('last_day', models.DateField(verbose_name='last day')),
                ('title', models.CharField(max_length=120, verbose_name='title')),
                ('addressed_to', models.CharField(max_length=300, verbose_name='addressed to')),
                ('copied_to', models.CharField(blank=True, max_length=300, verbose_name='copied to')),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('submitted', 'Waits for approval'), ('approved', 'Approved'), ('published', 'Published')], default='draft', max_length=10, verbose_name='state')),
                ('counted_at', models.DateTimeField(verbose_name='counted at')),
                ('drafted_at', models.DateTimeField()),
                ('approved_at', models.DateTimeField(null=True)),
                ('returned_because', models.CharField(blank=True, max_length=500, verbose_name='reason for the return')),
                ('approver', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('area', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='casework.unit', verbose_name='area')),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('cites', models.ManyToManyField(related_name='bulletins', to='oversight.basedocument', verbose_name='basis documents')),
                ('corrects', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='oversight.bulletin', verbose_name='corrects')),
                ('mechanism', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bulletins', to='oversight.mechanism')),
            ],
            options={
                'verbose_name': 'bulletin',
                'verbose_name_plural': 'bulletins',
                'ordering': ['-last_day', '-id'],
            },
        ),
        migrations.CreateModel(
            name='BulletinSection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('opening', 'Opening'), ('progress', 'Overall progress'), ('problems', 'Problems'), ('requirements', 'Requirements')], max_length=12)),
                ('order', models.PositiveSmallIntegerField()),
                ('heading', models.CharField(blank=True, max_length=60, verbose_name='heading')),
                ('text', models.TextField(blank=True, verbose_name='text')),
                ('version', models.PositiveIntegerField(default=1)),
                ('edited_at', models.DateTimeField()),
                ('frozen_at', models.DateTimeField(null=True)),
                ('bulletin', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sections', to='oversight.bulletin')),
                ('edited_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'section of a bulletin',
                'verbose_name_plural': 'sections of bulletins',
                'ordering': ['order'],
            },
        ),
        migrations.CreateModel(
            name='Figure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=60)),
                ('counted_at', models.DateTimeField()),
                ('counts', models.CharField(choices=[('case', 'cases'), ('look_back', 'look-backs'), ('letter', 'letters'), ('report', 'expected reports'), ('unit', 'units'), ('visit', 'field visits')], max_length=10)),
                ('definition', models.CharField(max_length=200)),
                ('value', models.PositiveIntegerField()),
                ('whole', models.PositiveIntegerField(null=True)),
                ('words', models.CharField(max_length=20)),
                ('sha256', models.CharField(max_length=64)),
                ('keys', models.JSONField(null=True)),
                ('bulletin', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='figures', to='oversight.bulletin')),
            ],
            options={
                'verbose_name': 'figure',
                'verbose_name_plural': 'figures',
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='HistoricalBaseDocument',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('history_step', models.CharField(blank=True, default='', max_length=40)),
                ('history_seal', models.CharField(blank=True, default='', max_length=64)),
                ('history_seal_key', models.CharField(blank=True, max_length=8, null=True)),
                ('title', models.CharField(max_length=200, verbose_name='title')),
                ('number', models.CharField(blank=True, max_length=60, verbose_name='document number')),
                ('dated', models.DateField(blank=True, null=True, verbose_name='dated')),
                ('issuing_body', models.CharField(blank=True, max_length=100, verbose_name='issuing body')),
                ('file', models.JSONField(blank=True, null=True)),
                ('at', models.DateTimeField()),
                ('history_change_reason', models.TextField(blank=True, default='')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('mechanism', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='oversight.mechanism')),
            ],
            options={
                'verbose_name': 'historical basis document',
                'verbose_name_plural': 'historical basis documents',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalBulletin',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('history_step', models.CharField(blank=True, default='', max_length=40)),
                ('history_seal', models.CharField(blank=True, default='', max_length=64)),
                ('history_seal_key', models.CharField(blank=True, max_length=8, null=True)),
                ('first_day', models.DateField(verbose_name='first day')),
                ('last_day', models.DateField(verbose_name='last day')),
                ('title', models.CharField(max_length=120, verbose_name='title')),
                ('addressed_to', models.CharField(max_length=300, verbose_name='addressed to')),
                ('copied_to', models.CharField(blank=True, max_length=300, verbose_name='copied to')),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('submitted', 'Waits for approval'), ('approved', 'Approved'), ('published', 'Published')], default='draft', max_length=10, verbose_name='state')),
                ('counted_at', models.DateTimeField(verbose_name='counted at')),
                ('drafted_at', models.DateTimeField()),
                ('approved_at', models.DateTimeField(null=True)),
                ('returned_because', models.CharField(blank=True, max_length=500, verbose_name='reason for the return')),
                ('history_change_reason', models.TextField(blank=True, default='')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('approver', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('area', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='casework.unit', verbose_name='area')),
                ('author', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('corrects', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='oversight.bulletin', verbose_name='corrects')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('mechanism', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='oversight.mechanism')),
            ],
            options={
                'verbose_name': 'historical bulletin',
                'verbose_name_plural': 'historical bulletins',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalBulletinSection',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('history_step', models.CharField(blank=True, default='', max_length=40)),
                ('history_seal', models.CharField(blank=True, default='', max_length=64)),
                ('history_seal_key', models.CharField(blank=True, max_length=8, null=True)),
                ('kind', models.CharField(choices=[('opening', 'Opening'), ('progress', 'Overall progress'), ('problems', 'Problems'), ('requirements', 'Requirements')], max_length=12)),
                ('order', models.PositiveSmallIntegerField()),
                ('heading', models.CharField(blank=True, max_length=60, verbose_name='heading')),
                ('text', models.TextField(blank=True, verbose_name='text')),
                ('version', models.PositiveIntegerField(default=1)),
                ('edited_at', models.DateTimeField()),
                ('frozen_at', models.DateTimeField(null=True)),
                ('history_change_reason', models.TextField(blank=True, default='')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('bulletin', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='oversight.bulletin')),
                ('edited_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical section of a bulletin',
                'verbose_name_plural': 'historical sections of bulletins',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='IssuedDocument',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=200, verbose_name='title')),
                ('number', models.CharField(max_length=60, verbose_name='document number')),
                ('code', models.CharField(blank=True, max_length=40)),
                ('year', models.PositiveSmallIntegerField(null=True)),
                ('running', models.PositiveIntegerField(null=True)),
                ('issue', models.PositiveSmallIntegerField(null=True, verbose_name='issue of the year')),
                ('total', models.PositiveIntegerField(null=True, verbose_name='issue in all')),
                ('issued_on', models.DateField(verbose_name='issued on')),
                ('offered', models.JSONField(default=dict)),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='reason')),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('mechanism', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='issued_documents', to='oversight.mechanism')),
            ],
            options={
                'verbose_name': 'issued document',
                'verbose_name_plural': 'issued documents',
                'ordering': ['-issued_on', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Naming',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_good', models.BooleanField()),
                ('part', models.PositiveIntegerField()),
                ('whole', models.PositiveIntegerField()),
                ('low', models.FloatField()),
                ('high', models.FloatField()),
                ('usual', models.FloatField()),
                ('at', models.DateTimeField()),
                ('bulletin', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='namings', to='oversight.bulletin')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='casework.unit')),
            ],
        ),
        migrations.CreateModel(
            name='Publication',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content', models.JSONField()),
                ('sha256', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
                ('bulletin', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='publication', to='oversight.bulletin')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('document', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='publication', to='oversight.issueddocument')),
            ],
        ),
        migrations.CreateModel(
            name='Recipient',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unit_name', models.CharField(max_length=100)),
                ('order', models.PositiveSmallIntegerField(default=0)),
                ('remind_at', models.DateTimeField(null=True)),
                ('reminded_at', models.DateTimeField(null=True)),
                ('membership', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='oversight.membership')),
                ('publication', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='recipients', to='oversight.publication')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bulletins_received', to='casework.unit')),
            ],
            options={
                'ordering': ['order', 'id'],
            },
        ),
        migrations.CreateModel(
            name='BulletinReceipt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, verbose_name='signed by')),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('recipient', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='receipt', to='oversight.recipient')),
            ],
        ),
        migrations.AddConstraint(
            model_name='basedocument',
            constraint=models.UniqueConstraint(condition=models.Q(('number', ''), _negated=True), fields=('mechanism', 'number'), name='basis_document_number_once'),
        ),
        migrations.AddConstraint(
            model_name='bulletin',
            constraint=models.CheckConstraint(condition=models.Q(('last_day__gte', models.F('first_day'))), name='bulletin_ends_after_it_began'),
        ),
        migrations.AddConstraint(
            model_name='bulletin',
            constraint=models.CheckConstraint(condition=models.Q(('approver', models.F('author')), _negated=True), name='bulletin_approved_by_a_second_person'),
        ),
        migrations.AddConstraint(
            model_name='bulletin',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('approver', None), ('state__in', ('draft', 'submitted'))), models.Q(('approved_at__isnull', False), ('approver__isnull', False), ('state__in', ('approved', 'published'))), _connector='OR'), name='published_bulletin_was_approved'),
        ),
        migrations.AddConstraint(
            model_name='bulletin',
            constraint=models.UniqueConstraint(condition=models.Q(('corrects', None)), fields=('mechanism', 'area', 'first_day', 'last_day'), name='one_bulletin_a_span_and_area'),
        ),
        migrations.AddConstraint(
            model_name='bulletinsection',
            constraint=models.UniqueConstraint(fields=('bulletin', 'kind'), name='one_section_of_a_kind'),
        ),
        migrations.AddConstraint(
            model_name='figure',
            constraint=models.UniqueConstraint(fields=('bulletin', 'counted_at', 'key'), name='one_figure_of_a_key'),
        ),
        migrations.AddIndex(
            model_name='issueddocument',
            index=models.Index(fields=['mechanism', 'issued_on'], name='documents_by_day'),
        ),
        migrations.AddConstraint(
            model_name='issueddocument',
            constraint=models.UniqueConstraint(fields=('mechanism', 'number'), name='document_number_once'),
        ),
        migrations.AddConstraint(
            model_name='issueddocument',
            constraint=models.UniqueConstraint(condition=models.Q(('running__isnull', False)), fields=('mechanism', 'code', 'year', 'running'), name='running_number_once_a_year'),
        ),
        migrations.AddConstraint(
            model_name='issueddocument',
            constraint=models.UniqueConstraint(fields=('mechanism', 'total'), name='issue_in_all_once'),
        ),
        migrations.AddConstraint(
            model_name='issueddocument',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('issue', None), ('total', None)), models.Q(('issue__isnull', False), ('total__isnull', False)), _connector='OR'), name='bulletin_has_both_its_issues'),
        ),
        migrations.AddConstraint(
            model_name='naming',
            constraint=models.UniqueConstraint(fields=('bulletin', 'unit'), name='a_unit_is_named_once'),
        ),
        migrations.AddIndex(
            model_name='recipient',
            index=models.Index(condition=models.Q(('remind_at__isnull', False)), fields=['remind_at'], name='unsigned_bulletins'),
        ),
        migrations.AddConstraint(
            model_name='recipient',
            constraint=models.UniqueConstraint(fields=('publication', 'unit'), name='bulletin_goes_to_a_unit_once'),
        ),
        migrations.RunPython(keep, migrations.RunPython.noop),
    ]
