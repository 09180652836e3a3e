package dev.tapline.source.postgres;

import dev.tapline.source.postgres.catalog.Discovery;
import dev.tapline.source.postgres.check.Checks;
import dev.tapline.source.postgres.connect.Sessions;
import dev.tapline.source.postgres.connect.Settings;
import dev.tapline.source.postgres.scan.Conflicts;
import dev.tapline.source.postgres.scan.CopyReader;
import dev.tapline.source.postgres.scan.PostgresSnapshot;
import dev.tapline.source.postgres.scan.Splitter;
import dev.tapline.spi.Finding;
import dev.tapline.spi.catalog.Catalog;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.source.BatchReader;
import dev.tapline.spi.source.Read;
import dev.tapline.spi.source.Snapshot;
import dev.tapline.spi.source.Source;
import dev.tapline.spi.source.TableScans;
import java.io.IOException;
import java.util.Collection;
import java.util.List;

/// The databases of one PostgreSQL server.
final class PostgresSource implements Source, TableScans {
  private final Settings settings;
  private final Sessions sessions;
  private final Conflicts conflicts = new Conflicts();

  PostgresSource(Settings settings) {
    this.settings = settings;
    this.sessions = new Sessions(settings);
  }

  @Override
  public Catalog discover() throws IOException {
    return new Discovery(settings, sessions).discover();
  }

  @Override
  public List<Finding> check(List<Stream> streams) {
    return new Checks(settings, sessions).run(streams);
  }

  @Override
  public Snapshot openSnapshot(Collection<Stream> streams) throws IOException {
    return PostgresSnapshot.open(sessions, streams);
  }

  @Override
  public List<Read> split(Stream stream, Snapshot snapshot, int parallelism) throws IOException {
    if (!(snapshot instanceof PostgresSnapshot own)) {
      throw new IllegalArgumentException("a snapshot of another source: " + snapshot);
    }
    return Splitter.split(own, stream, conflicts.splitSize(settings.splitSize()), parallelism);
  }

  @Override
  public BatchReader open(Read read) throws IOException {
    return CopyReader.open(sessions, conflicts, read);
  }

  @Override
  public void close() throws IOException {
    sessions.close();
  }
}
