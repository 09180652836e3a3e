package dev.tapline.sink.jdbc;

import dev.tapline.sink.jdbc.commit.JdbcCommitter;
import dev.tapline.sink.jdbc.commit.Registry;
import dev.tapline.sink.jdbc.database.Access;
import dev.tapline.sink.jdbc.database.Database;
import dev.tapline.sink.jdbc.database.Names;
import dev.tapline.sink.jdbc.plan.Deletes;
import dev.tapline.sink.jdbc.plan.Mode;
import dev.tapline.sink.jdbc.plan.Role;
import dev.tapline.sink.jdbc.stage.LoadingWriter;
import dev.tapline.sink.jdbc.stage.MemoryBudget;
import dev.tapline.sink.jdbc.stage.RefusedRows;
import dev.tapline.sink.jdbc.stage.Stage;
import dev.tapline.sink.jdbc.stage.StageSettings;
import dev.tapline.sink.jdbc.stage.StagedWriter;
import dev.tapline.sink.jdbc.stage.Versions;
import dev.tapline.spi.Finding;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.sink.Capability;
import dev.tapline.spi.sink.Sink;
import dev.tapline.spi.sink.SinkCommitter;
import dev.tapline.spi.sink.SinkWriter;
import dev.tapline.spi.sink.WriteMode;
import dev.tapline.spi.sink.WriterContext;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// Tables of a database.
final class JdbcSink implements Sink {
  private static final long CHECKPOINT_ROWS = 150_000;

  private final StageSettings settings;
  private final String pipeline;
  private final String refused;
  private final Access access;
  private final Database database;
  private final Names names;
  private final Stage stage;
  private final Versions versions;
  private final MemoryBudget budget = new MemoryBudget();

  JdbcSink(Access access, StageSettings settings, String pipeline, String refused) {
    this.access = access;
    this.settings = settings;
    this.pipeline = pipeline;
    this.refused = refused;
    this.database = new Database(access);
    this.names = new Names(pipeline);
    this.stage = new Stage(database, names);
    this.versions = new Versions(database, names);
  }

  @Override
  public Set<Capability> capabilities() {
    return Set.of(
        Capability.REPLACE,
        Capability.UPSERT,
        Capability.DELETE,
        Capability.TRUNCATE,
        Capability.SCHEMA_CHANGE,
        Capability.EXACTLY_ONCE);
  }

  // Rows are merged while the next are read and staged; with more, the merge is what is waited for.
  @Override
  public OptionalLong checkpointRows() {
    return OptionalLong.of(CHECKPOINT_ROWS);
  }

  @Override
  public List<Finding> check(List<Stream> streams) {
    return new Check(
            access,
            database,
            settings,
            new Registry(database, pipeline),
            new Trial(database, names),
            pipeline)
        .of(streams);
  }

  @Override
  public SinkWriter openWriter(WriterContext context) throws IOException {
    database.connect();
    StageSettings known =
        new StageSettings(
            settings.planner().with(database.dialect()), settings.refuse(), settings.clock());
    StagedWriter staged = new StagedWriter(stage, known, budget, context);
    boolean inPlace =
        context.mode() == WriteMode.REPLACE
            && database.dialect().traits().loadsInPlace()
            && known.refuse() == RefusedRows.FAIL;
    return inPlace ? new LoadingWriter(stage, known, versions, context, staged) : staged;
  }

  @Override
  public SinkCommitter openCommitter() throws IOException {
    database.makeSchema();
    return new JdbcCommitter(
        database,
        names,
        versions,
        pipeline,
        refused,
        settings.refuse() == RefusedRows.TABLE,
        deletedAt());
  }

  private List<String> deletedAt() {
    if (settings.planner().metadata().deletes() == Deletes.HARD) {
      return List.of();
    }
    return Optional.ofNullable(
            settings.planner().metadata().columns(Mode.MERGE, true).get(Role.DELETED_AT))
        .stream()
        .toList();
  }

  @Override
  public void close() {
    stage.close();
    database.close();
  }
}
