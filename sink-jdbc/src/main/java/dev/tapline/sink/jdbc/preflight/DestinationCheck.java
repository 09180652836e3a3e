package dev.tapline.sink.jdbc.preflight;

import dev.tapline.sink.jdbc.commit.Ledger;
import dev.tapline.sink.jdbc.connection.Database;
import dev.tapline.sink.jdbc.dialect.api.Dialect;
import dev.tapline.sink.jdbc.staging.StagingConfig;
import dev.tapline.sink.jdbc.table.InternalTableNames;
import dev.tapline.sink.jdbc.table.TablePlan;
import dev.tapline.spi.catalog.Finding;
import dev.tapline.spi.catalog.Stream;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
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
  private final Findings findings = new Findings();

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
    StreamCheck streamCheck = new StreamCheck(config.planner().with(dialect), findings);
    Map<String, Stream> names = new HashMap<>();
    for (Stream stream : streams) {
      Stream twin = names.put(dialect.traits().fold(stream.destination()), stream);
      if (twin != null) {
        findings.error(
            stream,
            "%s has one name for '%s' and '%s'"
                .formatted(dialect.name(), twin.destination(), stream.destination()),
            "give one of the two streams another name with 'as'");
      }
      streamCheck.check(stream);
    }
    if (connected) {
      checkTables(streams);
    }
    return findings.all();
  }

  private boolean connect() {
    try {
      database.connect();
      return true;
    } catch (IOException e) {
      unreachable(e);
      return false;
    }
  }

  private void unreachable(IOException e) {
    findings.add(
        Finding.error(
            CONNECTION,
            String.valueOf(e.getMessage()),
            "see that sink.url, user and password are right, and that the driver's jar is in the plug-in's folder"));
  }

  private void checkTables(List<Stream> streams) {
    try {
      List<Stream> fresh =
          database.transaction(
              "looking at the tables", connection -> withoutTable(connection, streams));
      for (Stream stream : fresh) {
        tryToCreate(stream);
      }
      findings.add(
          Finding.ok(
              CONNECTION,
              "connected, and writing as %s can be".formatted(database.dialect().name())));
    } catch (IOException e) {
      unreachable(e);
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
        findings.error(
            stream,
            "its table '%s' is written by the pipeline '%s'"
                .formatted(stream.destination(), owner.get()),
            OTHER_NAME);
      } else if (owner.isEmpty() && database.exists(connection, stream.destination())) {
        findings.error(
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

  private void tryToCreate(Stream stream) throws IOException {
    TablePlan plan =
        config.with(database.dialect()).planner().plan(stream.destination(), stream.schema());
    if (!TableTrial.isUseful(plan) || findings.hasError(stream)) {
      return;
    }
    boolean direct =
        stream.method().equals("FULL_TABLE") && config.with(database.dialect()).loadsDirectly();
    Optional<String> problem = trial.problem(plan, !direct);
    if (problem.isPresent()) {
      findings.error(
          stream,
          "%s does not make its table of %d columns with the key %s: %s"
              .formatted(
                  database.dialect().name(), plan.columns().size(), plan.key(), problem.get()),
          "leave columns out with 'columns', or the stream");
    }
  }
}
