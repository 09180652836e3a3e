package dev.tapline.sink.jdbc;

import dev.tapline.sink.jdbc.commit.JdbcCommitter;
import dev.tapline.sink.jdbc.connection.ConnectionConfig;
import dev.tapline.sink.jdbc.connection.Database;
import dev.tapline.sink.jdbc.preflight.DestinationCheck;
import dev.tapline.sink.jdbc.staging.DirectWriter;
import dev.tapline.sink.jdbc.staging.MemoryBudget;
import dev.tapline.sink.jdbc.staging.RejectedRowPolicy;
import dev.tapline.sink.jdbc.staging.StagingArea;
import dev.tapline.sink.jdbc.staging.StagingConfig;
import dev.tapline.sink.jdbc.staging.StagingWriter;
import dev.tapline.sink.jdbc.staging.VersionTables;
import dev.tapline.sink.jdbc.table.DeleteMode;
import dev.tapline.sink.jdbc.table.InternalTableNames;
import dev.tapline.sink.jdbc.table.MetadataField;
import dev.tapline.sink.jdbc.table.TableMode;
import dev.tapline.spi.catalog.Finding;
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

/// Writes tables of a database.
final class JdbcSink implements Sink {
  private static final long CHECKPOINT_ROWS = 150_000;

  private final StagingConfig config;
  private final String pipeline;
  private final String rejectedTable;
  private final Database database;
  private final InternalTableNames names;
  private final StagingArea stagingArea;
  private final VersionTables versionTables;
  private final MemoryBudget budget = new MemoryBudget();

  JdbcSink(
      ConnectionConfig connection, StagingConfig config, String pipeline, String rejectedTable) {
    this.config = config;
    this.pipeline = pipeline;
    this.rejectedTable = rejectedTable;
    this.database = new Database(connection);
    this.names = new InternalTableNames(pipeline);
    this.stagingArea = new StagingArea(database, names);
    this.versionTables = new VersionTables(database, names);
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
    return new DestinationCheck(database, config, names, pipeline).check(streams);
  }

  @Override
  public SinkWriter openWriter(WriterContext context) throws IOException {
    database.connect();
    StagingConfig serverConfig = config.with(database.dialect());
    StagingWriter staged = new StagingWriter(stagingArea, serverConfig, budget, context);
    return context.mode() == WriteMode.REPLACE && serverConfig.loadsDirectly()
        ? new DirectWriter(stagingArea, serverConfig, versionTables, context, staged)
        : staged;
  }

  @Override
  public SinkCommitter openCommitter() throws IOException {
    database.createSchemaIfMissing();
    return new JdbcCommitter(
        database,
        names,
        versionTables,
        pipeline,
        rejectedTable,
        config.rejectedRows() == RejectedRowPolicy.TABLE,
        deletedAt());
  }

  private List<String> deletedAt() {
    if (config.planner().metadata().deletes() == DeleteMode.HARD) {
      return List.of();
    }
    return Optional.ofNullable(
            config
                .planner()
                .metadata()
                .columns(TableMode.MERGE, true)
                .get(MetadataField.DELETED_AT))
        .stream()
        .toList();
  }

  @Override
  public void close() {
    stagingArea.close();
    database.close();
  }
}
