package dev.tapline.source.postgres.catalog;

import dev.tapline.source.postgres.codec.Encoding;
import dev.tapline.source.postgres.config.PostgresSourceConfig;
import dev.tapline.source.postgres.connection.Session;
import dev.tapline.source.postgres.connection.Sessions;
import dev.tapline.source.postgres.sql.Quote;
import dev.tapline.spi.TransientException;
import dev.tapline.spi.catalog.Catalog;
import dev.tapline.spi.catalog.Finding;
import dev.tapline.spi.catalog.Relation;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Lists what the user may read in the databases that the descriptor names.
public final class Discovery {
  private static final String DATABASES =
      """
      SELECT datname FROM pg_catalog.pg_database
      WHERE datallowconn AND NOT datistemplate
        AND pg_catalog.has_database_privilege(oid, 'CONNECT')
      ORDER BY datname
      """;

  private final PostgresSourceConfig config;
  private final Sessions sessions;
  private final List<Relation> relations = new ArrayList<>();
  private final List<Finding> findings = new ArrayList<>();

  /// @param config which databases
  /// @param sessions how to reach them
  public Discovery(PostgresSourceConfig config, Sessions sessions) {
    this.config = config;
    this.sessions = sessions;
  }

  /// Looks at every database.
  public Catalog discover() throws IOException {
    if (config.everyDatabase()) {
      for (String database : names()) {
        tolerant(database);
      }
    } else {
      for (String database : config.databases()) {
        look(database);
      }
    }
    return new Catalog(
        relations, findings, config.everyDatabase() || config.databases().size() > 1);
  }

  // Whoever asks for all does not know that one of them is closed to this user by pg_hba.conf.
  private void tolerant(String database) throws IOException {
    try {
      look(database);
    } catch (TransientException e) {
      throw e;
    } catch (IOException e) {
      findings.add(
          Finding.warning(
              new Finding.OfDatabase(database),
              "the database is left out: " + e.getMessage(),
              "name the databases to read in source.databases"));
    }
  }

  // The catalog of databases is the same in each of them.
  private List<String> names() throws IOException {
    @Nullable IOException failure = null;
    TreeSet<String> tried = new TreeSet<>();
    for (String database :
        List.of("postgres", "template1", config.connection().endpoint().database())) {
      if (!tried.add(database)) {
        continue;
      }
      try {
        return in(database, session -> session.query(DATABASES, row -> row.getString(1)));
      } catch (TransientException e) {
        throw e;
      } catch (IOException e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    throw failure == null ? new IOException("no database to ask for the others") : failure;
  }

  private void look(String database) throws IOException {
    Found found =
        in(
            database,
            session ->
                new Found(
                    CatalogReader.readAll(session).values(), CatalogText.of(session).isDoubtful()));
    TreeSet<String> closedSchemas = new TreeSet<>();
    for (Table table : found.tables()) {
      if (found.doubtful() && isUnnamed(table)) {
        continue;
      }
      if (table.facts().partition() && !config.partitions()) {
        continue;
      }
      if (!table.facts().schemaUsable()) {
        closedSchemas.add(table.facts().schema());
      } else if (table.columns().isEmpty() && !table.facts().selectable()) {
        findings.add(
            Finding.warning(
                table.name(),
                "user '%s' may not read any column of it".formatted(user()),
                "GRANT SELECT ON %s TO %s;".formatted(table.facts().quoted(), quotedUser())));
      } else {
        relations.add(table.relation());
      }
    }
    for (String schema : closedSchemas) {
      findings.add(
          Finding.warning(
              new Finding.OfSchema(database, schema),
              "user '%s' may not look into schema '%s'".formatted(user(), schema),
              "GRANT USAGE ON SCHEMA %s TO %s;".formatted(Quote.name(schema), quotedUser())));
    }
  }

  // A name of which not all bytes are characters cannot be said in a statement, and so its table
  // not
  // be read; nor can one whose rows stand in such a table.
  private boolean isUnnamed(Table table) {
    for (String column : table.hidden()) {
      if (Encoding.isStray(column)) {
        findings.add(
            Finding.warning(
                table.name(),
                "column '%s' is left out: the bytes of its name are not all characters"
                    .formatted(column),
                "rename it, in psql after \\encoding SQL_ASCII"));
      }
    }
    Optional<Table> unnamed = unnamedOf(table);
    unnamed.ifPresent(it ->
        findings.add(
            Finding.warning(
                table.name(),
                it.isSameAs(table)
                    ? "it is left out: the bytes of its name are not all characters"
                    : "it is left out: rows of it stand in table '%s', the bytes of whose name are not all characters"
                        .formatted(it.name()),
                "DO $$BEGIN EXECUTE format('ALTER TABLE %%s RENAME TO another_name', %d::regclass); END$$;"
                    .formatted(it.facts().oid()))));
    return unnamed.isPresent();
  }

  private static Optional<Table> unnamedOf(Table table) {
    return Encoding.isStray(table.facts().schema()) || Encoding.isStray(table.facts().name())
        ? Optional.of(table)
        : table.children().stream().flatMap(child -> unnamedOf(child).stream()).findFirst();
  }

  private record Found(Collection<Table> tables, boolean doubtful) {}

  private interface Work<T> {
    T in(Session session) throws SQLException;
  }

  private <T> T in(String database, Work<T> work) throws IOException {
    return sessions.with(
        database,
        session -> {
          session.beginSnapshot();
          T result = work.in(session);
          session.rollback();
          return result;
        });
  }

  private String user() {
    return config.connection().endpoint().user();
  }

  private String quotedUser() {
    return Quote.name(user());
  }
}
