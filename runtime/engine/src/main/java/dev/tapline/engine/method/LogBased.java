package dev.tapline.engine.method;

import dev.tapline.spi.Position;
import dev.tapline.spi.catalog.Finding;
import dev.tapline.spi.catalog.RelationKind;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.method.Plan;
import dev.tapline.spi.method.PlanRequest;
import dev.tapline.spi.method.ReplicationMethod;
import dev.tapline.spi.source.ChangeLog;
import dev.tapline.spi.source.Source;
import dev.tapline.spi.source.Split;
import dev.tapline.spi.source.StreamPosition;
import dev.tapline.spi.source.TableScans;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Copies each table once, and then brings its changes.
///
/// A plan either copies or follows. While some stream has still to be copied, it copies those and
/// asks to be planned again with all; once all have a place in the log, it follows them together,
/// in one split of each log.
final class LogBased implements ReplicationMethod {
  private static final Logger LOG = LoggerFactory.getLogger("plan");

  private final SharedSnapshot snapshot = new SharedSnapshot();

  @Override
  public List<Finding> check(Source source, Stream stream) {
    StreamName subject = stream.name();
    if (!(source instanceof ChangeLog) || !(source instanceof TableScans)) {
      return List.of(
          Finding.error(
              subject,
              "the source has no log of changes, which LOG_BASED needs",
              "choose another method for it, such as FULL_TABLE"));
    }
    return switch (stream.kind()) {
      case TABLE, PARTITIONED_TABLE -> List.of();
      case VIEW, MATERIALIZED_VIEW, FOREIGN_TABLE -> List.of(notLogged(subject, stream.kind()));
    };
  }

  private static Finding notLogged(StreamName subject, RelationKind kind) {
    return Finding.error(
        subject,
        "the log has no changes of a " + kind.label() + ", which LOG_BASED needs",
        "give it 'method: FULL_TABLE', or exclude it");
  }

  @Override
  public boolean followsLog() {
    return true;
  }

  @Override
  public Plan plan(PlanRequest request) throws IOException, InterruptedException {
    if (!(request.source() instanceof ChangeLog log)
        || !(request.source() instanceof TableScans scans)) {
      throw new IOException("the source has no log of changes, which LOG_BASED needs");
    }
    List<Stream> fresh = toCopy(log, request);
    if (!fresh.isEmpty()) {
      return copy(log, scans, fresh, request);
    }
    return Plan.of(log.follow(request.streams(), haveBegun(request.absent()), request.extent()));
  }

  // The log need not keep anything for the others, one of which may be why there is another plan.
  private static List<StreamPosition> haveBegun(List<StreamPosition> streams) {
    return streams.stream().filter(left -> !left.position().isStart()).toList();
  }

  private static List<Stream> toCopy(ChangeLog log, PlanRequest request)
      throws IOException, InterruptedException {
    Map<StreamName, String> lost = log.retain(request.streams(), haveBegun(request.absent()));
    List<Stream> fresh = new ArrayList<>();
    for (StreamPosition streamPosition : request.streams()) {
      String reason = lost.get(streamPosition.stream().name());
      if (streamPosition.position().isStart()) {
        fresh.add(streamPosition.stream());
      } else if (reason != null) {
        LOG.warn("stream {}: {}; it is copied anew", streamPosition.stream().name(), reason);
        fresh.add(streamPosition.stream());
      }
    }
    return fresh;
  }

  private Plan copy(ChangeLog log, TableScans scans, List<Stream> fresh, PlanRequest request)
      throws IOException, InterruptedException {
    // It is opened after the log was told to keep what follows; that of an earlier attempt was,
    // too, since an attempt tells of all streams.
    List<Split> splits = new ArrayList<>();
    Map<StreamName, Position> positions = new LinkedHashMap<>();
    snapshot.copy(scans, fresh, request.parallelism(), log::positionUnder, splits, positions);
    Set<StreamName> again =
        request.streams().stream()
            .map(streamPosition -> streamPosition.stream().name())
            .collect(Collectors.toCollection(LinkedHashSet::new));
    return new Plan(splits, positions, again);
  }

  @Override
  public void close() throws IOException {
    snapshot.close();
  }
}
