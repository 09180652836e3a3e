package dev.tapline.source.postgres;

import dev.tapline.source.postgres.catalog.Discovery;
import dev.tapline.source.postgres.config.PostgresSourceConfig;
import dev.tapline.source.postgres.connection.Sessions;
import dev.tapline.source.postgres.incremental.IncrementalPlanner;
import dev.tapline.source.postgres.preflight.PreflightChecks;
import dev.tapline.source.postgres.replication.PostgresLog;
import dev.tapline.source.postgres.replication.PostgresSlots;
import dev.tapline.source.postgres.replication.position.LogSplit;
import dev.tapline.source.postgres.replication.publication.PublishedSubset;
import dev.tapline.source.postgres.snapshot.CopyReader;
import dev.tapline.source.postgres.snapshot.PostgresSnapshot;
import dev.tapline.source.postgres.snapshot.RecoveryConflicts;
import dev.tapline.source.postgres.snapshot.TableSplitter;
import dev.tapline.spi.Position;
import dev.tapline.spi.catalog.Catalog;
import dev.tapline.spi.catalog.Finding;
import dev.tapline.spi.catalog.Relation;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.source.BatchReader;
import dev.tapline.spi.source.ChangeLog;
import dev.tapline.spi.source.KeyScans;
import dev.tapline.spi.source.ReplicationSlots;
import dev.tapline.spi.source.ResumePlan;
import dev.tapline.spi.source.Slot;
import dev.tapline.spi.source.Snapshot;
import dev.tapline.spi.source.Source;
import dev.tapline.spi.source.Split;
import dev.tapline.spi.source.StreamPosition;
import dev.tapline.spi.source.TableScans;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/// Reads the databases of one PostgreSQL server.
public final class PostgresSource
    implements Source, TableScans, KeyScans, ChangeLog, ReplicationSlots {
  private final PostgresSourceConfig config;
  private final Sessions sessions;
  private final RecoveryConflicts conflicts = new RecoveryConflicts();
  private final IncrementalPlanner keys;
  private final PostgresLog log;
  private final PostgresSlots slots;

  PostgresSource(PostgresSourceConfig config) {
    this.config = config;
    this.sessions = new Sessions(config.connection());
    this.keys = new IncrementalPlanner(sessions, conflicts);
    this.log = new PostgresLog(config, sessions);
    this.slots = new PostgresSlots(config, sessions);
  }

  @Override
  public Catalog discover() throws IOException {
    return new Discovery(config, sessions).discover();
  }

  @Override
  public List<Finding> check(List<Stream> streams) {
    return new PreflightChecks(config, sessions).run(streams);
  }

  @Override
  public Snapshot openSnapshot(Collection<Stream> streams)
      throws IOException, InterruptedException {
    return PostgresSnapshot.open(sessions, streams, log::keeps);
  }

  @Override
  public List<Split> split(Stream stream, Snapshot snapshot, int parallelism) throws IOException {
    PublishedSubset subset = log.subset(stream);
    return TableSplitter.split(
        own(snapshot),
        subset.of(stream),
        subset.filters(),
        conflicts.splitSize(config.splitSize()),
        parallelism);
  }

  @Override
  public String problemOfKey(Stream stream) {
    return IncrementalPlanner.problem(stream);
  }

  @Override
  public Map<StreamName, List<String>> keyCandidates(Collection<Relation> relations)
      throws IOException {
    return keys.candidates(relations);
  }

  @Override
  public List<String> blindSpots(List<Stream> streams) throws IOException {
    return keys.blindSpots(streams);
  }

  @Override
  public Position keyUnder(Snapshot snapshot, Stream stream) throws IOException {
    return keys.under(own(snapshot), stream);
  }

  @Override
  public ResumePlan after(List<StreamPosition> streams) throws IOException {
    return keys.after(streams);
  }

  @Override
  public BatchReader open(Split split) throws IOException, InterruptedException {
    if (split.kind().equals(LogSplit.KIND)) {
      return log.open(split);
    }
    return IncrementalPlanner.isOwn(split)
        ? keys.open(split)
        : CopyReader.open(sessions, conflicts, split);
  }

  private static PostgresSnapshot own(Snapshot snapshot) {
    if (!(snapshot instanceof PostgresSnapshot own)) {
      throw new IllegalArgumentException("a snapshot of another source: " + snapshot);
    }
    return own;
  }

  @Override
  public Map<StreamName, String> retain(List<StreamPosition> streams, List<StreamPosition> absent)
      throws IOException, InterruptedException {
    return log.retain(streams, absent);
  }

  @Override
  public Position positionUnder(Snapshot snapshot, Stream stream)
      throws IOException, InterruptedException {
    return log.positionUnder(snapshot, stream);
  }

  @Override
  public List<Split> follow(
      List<StreamPosition> streams, List<StreamPosition> absent, Extent extent)
      throws IOException, InterruptedException {
    return log.follow(streams, absent, extent);
  }

  @Override
  public List<Slot> slots() throws IOException {
    return slots.slots();
  }

  @Override
  public void dropSlot(String name) throws IOException {
    slots.dropSlot(name);
  }

  @Override
  public void close() throws IOException {
    sessions.close();
  }
}
