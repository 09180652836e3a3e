package dev.tapline.engine.method;

import dev.tapline.spi.Position;
import dev.tapline.spi.catalog.Finding;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.method.Plan;
import dev.tapline.spi.method.PlanRequest;
import dev.tapline.spi.method.ReplicationMethod;
import dev.tapline.spi.source.KeyScans;
import dev.tapline.spi.source.ResumePlan;
import dev.tapline.spi.source.Source;
import dev.tapline.spi.source.Split;
import dev.tapline.spi.source.StreamPosition;
import dev.tapline.spi.source.TableScans;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Copies each table once, in parallel ranges, and then reads on from the highest replication key
/// that it has seen.
///
/// The copy holds every row, those whose key is NULL included; later runs find only rows whose key
/// has a value. Deleted rows stay in the destination: nothing in the table tells of them.
final class Incremental implements ReplicationMethod {
  private static final Logger LOG = LoggerFactory.getLogger("plan");

  private final SharedSnapshot snapshot = new SharedSnapshot();

  @Override
  public List<Finding> check(Source source, Stream stream) {
    StreamName subject = stream.name();
    if (!(source instanceof KeyScans keys) || !(source instanceof TableScans)) {
      return List.of(
          Finding.error(
              subject,
              "the source cannot read by a key, which INCREMENTAL needs",
              "choose another method for it, such as FULL_TABLE"));
    }
    String problem = keys.problemOfKey(stream);
    return problem.isEmpty()
        ? List.of()
        : List.of(Finding.error(subject, problem, "or give it 'method: FULL_TABLE'"));
  }

  @Override
  public Plan plan(PlanRequest request) throws IOException, InterruptedException {
    if (!(request.source() instanceof KeyScans keys)
        || !(request.source() instanceof TableScans scans)) {
      throw new IOException("the source cannot read by a key, which INCREMENTAL needs");
    }
    List<Stream> fresh = new ArrayList<>();
    List<StreamPosition> known = new ArrayList<>();
    for (StreamPosition streamPosition : request.streams()) {
      if (streamPosition.position().isStart()) {
        fresh.add(streamPosition.stream());
      } else {
        known.add(streamPosition);
      }
    }
    ResumePlan on = keys.after(known);
    for (StreamPosition streamPosition : known) {
      Stream stream = streamPosition.stream();
      String why = on.outdated().get(stream.name());
      if (why != null) {
        LOG.warn("stream {}: {}; it is copied anew", stream.name(), why);
        fresh.add(stream);
      }
      for (String doubt : on.doubts().getOrDefault(stream.name(), List.of())) {
        LOG.warn("stream {}: {}", stream.name(), doubt);
      }
    }
    for (String blind :
        keys.blindSpots(request.streams().stream().map(StreamPosition::stream).toList())) {
      LOG.warn("{}", blind);
    }
    List<Split> splits = new ArrayList<>();
    Map<StreamName, Position> positions = new LinkedHashMap<>();
    if (!fresh.isEmpty()) {
      snapshot.copy(scans, fresh, request.parallelism(), keys::keyUnder, splits, positions);
    }
    splits.addAll(on.splits());
    return new Plan(splits, positions, Set.of());
  }

  @Override
  public void close() throws IOException {
    snapshot.close();
  }
}
