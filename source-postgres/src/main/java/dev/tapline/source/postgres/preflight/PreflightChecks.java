package dev.tapline.source.postgres.preflight;

import dev.tapline.source.postgres.config.PostgresSourceConfig;
import dev.tapline.source.postgres.connection.ConnectionDiagnosis;
import dev.tapline.source.postgres.connection.Session;
import dev.tapline.source.postgres.connection.Sessions;
import dev.tapline.spi.catalog.Finding;
import dev.tapline.spi.catalog.Stream;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// Runs all checks, in every database that the descriptor or a stream names.
public final class PreflightChecks {
  private static final int WITH_ENCRYPTION_SHOWN = 90_500;

  private final PostgresSourceConfig config;
  private final Sessions sessions;
  private final List<Check> checks;

  /// @param config which databases
  /// @param sessions how to reach them
  public PreflightChecks(PostgresSourceConfig config, Sessions sessions) {
    this.config = config;
    this.sessions = sessions;
    this.checks =
        List.of(
            new VersionCheck(),
            new PoolerCheck(),
            new StandbyCheck(),
            new StreamsCheck(),
            new KeyCheck(),
            new FutureTablesCheck(),
            new ReplicationServerCheck(),
            new ReplicationSlotCheck(config.replication(), sessions),
            new ReplicationTablesCheck());
  }

  /// What is so; nothing is thrown for what is wrong with the source.
  public List<Finding> run(List<Stream> streams) {
    Set<String> databases = new TreeSet<>(config.databases());
    streams.forEach(stream -> databases.add(stream.name().database()));
    if (databases.isEmpty()) {
      databases.add(config.connection().endpoint().database());
    }
    List<Finding> findings = new ArrayList<>();
    for (String database : databases) {
      List<Stream> own =
          streams.stream().filter(stream -> stream.name().database().equals(database)).toList();
      findings.addAll(look(database, own));
    }
    return findings;
  }

  private List<Finding> look(String database, List<Stream> streams) {
    List<Finding> findings = new ArrayList<>();
    try {
      sessions.with(database, session -> look(session, streams, findings));
    } catch (IOException e) {
      findings.add(failed(e));
    }
    return findings;
  }

  private List<Finding> look(Session session, List<Stream> streams, List<Finding> findings)
      throws SQLException, IOException {
    // Before the transaction: what is found in it may be of another moment.
    findings.add(
        Finding.ok(
            "connection",
            "database '%s' on %s answers as user '%s'%s"
                .formatted(
                    session.database(),
                    config.connection().endpoint().address(),
                    config.connection().endpoint().user(),
                    protection(session))));
    session.beginSnapshot();
    for (Check check : checks) {
      check.run(session, streams).stream()
          .filter(finding -> !isSaid(finding, findings))
          .forEach(findings::add);
    }
    session.rollback();
    return findings;
  }

  // A failure that an earlier finding has explained, with what to do.
  private static boolean isSaid(Finding finding, List<Finding> earlier) {
    return finding.severity() == Finding.Severity.ERROR
        && finding.remedy().isEmpty()
        && earlier.stream()
            .anyMatch(one ->
                one.severity() == Finding.Severity.ERROR
                    && one.subject().equals(finding.subject()));
  }

  private String protection(Session session) throws SQLException {
    String encryption = "";
    if (session.version() >= WITH_ENCRYPTION_SHOWN) {
      encryption =
          session
              .query(
                  "SELECT version FROM pg_catalog.pg_stat_ssl WHERE ssl AND pid = pg_catalog.pg_backend_pid()",
                  row -> row.getString(1))
              .stream()
              .findFirst()
              .map(version -> ", encrypted with " + version)
              .orElse(", not encrypted");
    }
    return encryption
        + (config.connection().endpoint().tls().verifies()
            ? ", the server's certificate verified"
            : "")
        + (config.connection().ssh().isPresent() ? ", through SSH" : "");
  }

  private static Finding failed(IOException failure) {
    return ConnectionDiagnosis.of(failure)
        .map(diagnosis ->
            Finding.error(diagnosis.kind().word(), diagnosis.problem(), diagnosis.remedy()))
        .orElseGet(() -> Finding.error("connection", String.valueOf(failure.getMessage()), ""));
  }
}
