"""Which courses a person lacks on a day: nobody lacks any, until the room of courses says more."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("foundation", "0006_qualification")]
    operations = [
        # The gate and the list of colleagues both ask this. It runs with the rights of whoever
        # asks, so that row-level security holds inside, and is written into the asking query.
        migrations.RunSQL(
            """
            CREATE FUNCTION app.courses_lacking(person uuid, day date)
                RETURNS TABLE (course_id uuid) LANGUAGE sql STABLE AS $$
                SELECT NULL::uuid WHERE person IS NULL AND day IS NULL AND false
            $$;
            REVOKE ALL ON FUNCTION app.courses_lacking(uuid, date) FROM PUBLIC;
            GRANT EXECUTE ON FUNCTION app.courses_lacking(uuid, date)
                TO entente_runtime, entente_reader;
            """,
            migrations.RunSQL.noop,
        ),
    ]
