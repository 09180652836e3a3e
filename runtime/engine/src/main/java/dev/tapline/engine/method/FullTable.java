package dev.tapline.engine.method;

import dev.tapline.spi.catalog.Finding;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.method.Plan;
import dev.tapline.spi.method.PlanRequest;
import dev.tapline.spi.method.ReplicationMethod;
import dev.tapline.spi.source.Snapshot;
import dev.tapline.spi.source.Source;
import dev.tapline.spi.source.Split;
import dev.tapline.spi.source.StreamPosition;
import dev.tapline.spi.source.TableScans;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Reads every row of each table, as of one moment for all tables of a database.
///
/// A run that was killed begins its tables anew: the snapshot that their splits belong to is gone
/// with it, and splits of two snapshots side by side would be a state of the table that never was.
final class FullTable implements ReplicationMethod {
  private final SharedSnapshot snapshot = new SharedSnapshot();

  @Override
  public List<Finding> check(Source source, Stream stream) {
    return source instanceof TableScans
        ? List.of()
        : List.of(
            Finding.error(
                stream.name(),
                "the source cannot scan tables, which FULL_TABLE needs",
                "choose another method"));
  }

  @Override
  public Plan plan(PlanRequest request) throws IOException, InterruptedException {
    if (!(request.source() instanceof TableScans scans)) {
      throw new IOException("the source cannot scan tables, which FULL_TABLE needs");
    }
    List<Stream> streams = request.streams().stream().map(StreamPosition::stream).toList();
    Snapshot current = snapshot.open(scans, streams);
    List<Split> splits = new ArrayList<>();
    for (Stream stream : streams) {
      splits.addAll(scans.split(stream, current, request.parallelism()));
    }
    return Plan.of(splits);
  }

  @Override
  public void close() throws IOException {
    snapshot.close();
  }
}
