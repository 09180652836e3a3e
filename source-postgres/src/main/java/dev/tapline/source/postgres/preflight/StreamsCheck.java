package dev.tapline.source.postgres.preflight;

import dev.tapline.source.postgres.catalog.CatalogReader;
import dev.tapline.source.postgres.catalog.Column;
import dev.tapline.source.postgres.catalog.Table;
import dev.tapline.source.postgres.connection.Session;
import dev.tapline.source.postgres.sql.Quote;
import dev.tapline.spi.catalog.Field;
import dev.tapline.spi.catalog.Finding;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.catalog.StreamName;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Checks whether the selected tables and columns exist and may be read, row by row too.
final class StreamsCheck implements Check {
  private static final int WITH_ROW_SECURITY = 90_500;

  @Override
  public List<Finding> run(Session session, List<Stream> streams) throws SQLException {
    Map<StreamName, Table> tables =
        CatalogReader.readSome(session, streams.stream().map(Stream::name).toList());
    String user =
        Quote.name(session.query("SELECT current_user", row -> row.getString(1)).getFirst());
    List<Finding> findings = new ArrayList<>();
    for (Stream stream : streams) {
      @Nullable Table table = tables.get(stream.name());
      if (table == null) {
        findings.add(
            Finding.error(stream.name(), "it is not there any more", "take it out of streams"));
      } else {
        findings.addAll(look(stream, table, user));
      }
    }
    if (session.version() >= WITH_ROW_SECURITY) {
      findings.addAll(rowSecurity(session, tables, user));
    }
    if (findings.isEmpty() && !streams.isEmpty()) {
      findings.add(
          Finding.ok(
              "privileges",
              streams.size() == 1
                  ? "the user may read " + streams.getFirst().name()
                  : "the user may read all " + streams.size() + " streams"));
    }
    return findings;
  }

  private static List<Finding> look(Stream stream, Table table, String user) {
    StreamName subject = stream.name();
    if (!table.facts().schemaUsable()) {
      return List.of(
          Finding.error(
              subject,
              "the user may not look into its schema",
              "GRANT USAGE ON SCHEMA %s TO %s;"
                  .formatted(Quote.name(table.facts().schema()), user)));
    }
    List<String> readable = table.columns().stream().map(Column::field).map(Field::name).toList();
    List<String> missing =
        stream.schema().fields().stream()
            .map(Field::name)
            .filter(name -> !readable.contains(name))
            .toList();
    if (missing.isEmpty()) {
      return List.of();
    }
    List<String> refused = missing.stream().filter(table.hidden()::contains).toList();
    if (refused.isEmpty()) {
      return List.of(
          Finding.error(
              subject,
              "it has no column '" + String.join("', '", missing) + "' any more",
              "take it out of columns"));
    }
    return List.of(
        Finding.error(
            subject,
            "the user may not read the column '" + String.join("', '", refused) + "'",
            "GRANT SELECT (%s) ON %s TO %s;"
                .formatted(
                    refused.stream().map(Quote::name).collect(Collectors.joining(", ")),
                    table.facts().quoted(),
                    user)));
  }

  private static List<Finding> rowSecurity(
      Session session, Map<StreamName, Table> tables, String user) throws SQLException {
    if (tables.isEmpty()) {
      return List.of();
    }
    String numbers =
        tables.values().stream()
            .map(table -> String.valueOf(table.facts().oid()))
            .collect(Collectors.joining(","));
    boolean rds = AmazonRds.is(session);
    return session.query(
        """
        SELECT n.nspname, c.relname FROM pg_catalog.pg_class c
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_catalog.pg_roles u ON u.rolname = current_user
        WHERE c.oid = ANY ('{%s}') AND c.relrowsecurity AND NOT u.rolsuper AND NOT u.rolbypassrls
          AND (c.relforcerowsecurity OR NOT pg_catalog.pg_has_role(c.relowner, 'USAGE'))
        """
            .formatted(numbers),
        row ->
            Finding.error(
                new StreamName(session.database(), row.getString(1), row.getString(2)),
                "it has row-level security, which would hide rows from the user",
                rds
                    ? "read it as the user who owns it: on RDS, nobody can be given BYPASSRLS"
                    : "ALTER ROLE " + user + " BYPASSRLS;"));
  }
}
