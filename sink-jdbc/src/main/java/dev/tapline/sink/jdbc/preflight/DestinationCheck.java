package dev.tapline.sink.jdbc.preflight;

import dev.tapline.sink.jdbc.commit.Ledger;
import dev.tapline.sink.jdbc.connection.Database;
import dev.tapline.sink.jdbc.dialect.api.Dialect;
import dev.tapline.sink.jdbc.staging.RejectedRowPolicy;
import dev.tapline.sink.jdbc.staging.StagingConfig;
import dev.tapline.sink.jdbc.table.InternalTableNames;
import dev.tapline.sink.jdbc.table.TablePlan;
import dev.tapline.spi.Finding;
import dev.tapline.spi.catalog.Stream;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Checks that the destination can be reached and can hold the streams.
public final class DestinationCheck {
  private static final String CONNECTION = "destination";
  private static final String OTHER_NAME = "give the stream another name with 'as'";

  private final Database database;
  private final StagingConfig config;
  private final Ledger ledger;
  private final TableTrial trial;
  private final String pipeline;
  private final List<Finding> findings = new ArrayList<>();

  /// @param names of the pipeline's internal tables
  public DestinationCheck(
      Database database, StagingConfig config, InternalTableNames names, String pipeline) {
    this.database = database;
    this.config = config;
    this.ledger = new Ledger(database, pipeline);
    this.trial = new TableTrial(database, names);
    this.pipeline = pipeline;
  }

  /// Checks the streams and returns what was found.
  public List<Finding> check(List<Stream> streams) {
    boolean connected = connect();
    // Once connected, this is the dialect of the server itself.
    Dialect dialect = database.dialect();
    StreamCheck fitting = new StreamCheck(config.planner().with(dialect), findings);
    Map<String, Stream> names = new HashMap<>();
    for (Stream stream : streams) {
      Stream twin = names.put(folded(stream.destination()), stream);
      if (twin != null) {
        error(
            stream,
            "%s has one name for '%s' and '%s'"
                .formatted(dialect.name(), twin.destination(), stream.destination()),
            "give one of the two streams another name with 'as'");
      }
      fitting.look(stream);
    }
    if (connected) {
      look(streams);
    }
    return findings;
  }

  private String folded(String name) {
    return database.dialect().traits().caseSensitive() ? name : name.toLowerCase(Locale.ROOT);
  }

  private boolean connect() {
    try {
      database.connect();
      return true;
    } catch (IOException e) {
      cannot(e);
      return false;
    }
  }

  private void cannot(IOException e) {
    findings.add(
        Finding.error(
            CONNECTION,
            String.valueOf(e.getMessage()),
            "see that sink.url, user and password are right, and that the driver's jar is in the plug-in's folder"));
  }

  private void look(List<Stream> streams) {
    try {
      List<Stream> fresh =
          database.transaction(
              "looking at the tables", connection -> withoutTable(connection, streams));
      for (Stream stream : fresh) {
        tryTable(stream);
      }
      findings.add(
          Finding.ok(
              CONNECTION,
              "connected, and writing as %s can be".formatted(database.dialect().name())));
    } catch (IOException e) {
      cannot(e);
    }
  }

  /// The streams that have no table yet.
  private List<Stream> withoutTable(Connection connection, List<Stream> streams)
      throws SQLException {
    List<Stream> fresh = new ArrayList<>();
    boolean known = ledger.exists(connection);
    for (Stream stream : streams) {
      Optional<String> owner =
          known ? ledger.owner(connection, stream.destination()) : Optional.empty();
      if (owner.isPresent() && !owner.get().equals(pipeline)) {
        error(
            stream,
            "its table '%s' is written by the pipeline '%s'"
                .formatted(stream.destination(), owner.get()),
            OTHER_NAME);
      } else if (owner.isEmpty() && database.exists(connection, stream.destination())) {
        error(
            stream,
            "there is a table '%s' in the destination that Tapline has not made"
                .formatted(stream.destination()),
            "drop it, or " + OTHER_NAME);
      } else if (owner.isEmpty()) {
        fresh.add(stream);
      }
    }
    return fresh;
  }

  private void tryTable(Stream stream) throws IOException {
    TablePlan plan =
        config.planner().with(database.dialect()).plan(stream.destination(), stream.schema());
    if (!TableTrial.isWorthIt(plan) || isNamed(stream)) {
      return;
    }
    boolean loads =
        stream.method().equals("FULL_TABLE")
            && database.dialect().traits().directLoad()
            && config.refuse() == RejectedRowPolicy.FAIL;
    Optional<String> refusal = trial.refusal(plan, !loads);
    if (refusal.isPresent()) {
      error(
          stream,
          "%s does not make its table of %d columns with the key %s: %s"
              .formatted(
                  database.dialect().name(), plan.columns().size(), plan.key(), refusal.get()),
          "leave columns out with 'columns', or the stream");
    }
  }

  private boolean isNamed(Stream stream) {
    return findings.stream()
        .anyMatch(finding ->
            finding.severity() == Finding.Severity.ERROR
                && finding.subject().equals(stream.name().toString()));
  }

  private void error(Stream stream, String message, String remedy) {
    findings.add(Finding.error(stream.name().toString(), message, remedy));
  }
}
