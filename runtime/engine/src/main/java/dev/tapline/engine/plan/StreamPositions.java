package dev.tapline.engine.plan;

import dev.tapline.engine.StreamProgress;
import dev.tapline.engine.select.StreamLabels;
import dev.tapline.engine.state.StateStore;
import dev.tapline.engine.state.StreamState;
import dev.tapline.spi.Position;
import dev.tapline.spi.catalog.RelationKind;
import dev.tapline.spi.catalog.Schema;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.source.StreamPosition;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Where each selected stream goes on, by the state.
public final class StreamPositions {
  private static final Logger LOG = LoggerFactory.getLogger("run");

  private final StateStore store;
  private final List<Stream> selected;
  private final Set<StreamName> gone;
  private final StreamLabels labels;

  /// @param selected every stream of the pipeline, those included that this run leaves out
  /// @param gone the streams of the state that the pipeline will not see again
  /// @param labels what they are called before people
  public StreamPositions(
      StateStore store, List<Stream> selected, Set<StreamName> gone, StreamLabels labels) {
    this.store = store;
    this.selected = selected;
    this.gone = Set.copyOf(gone);
    this.labels = labels;
  }

  /// Warns of databases whose log was read and is no more, since the streams that were read from it
  /// are gone or have another method: a slot that nobody reads keeps the log until the disk is
  /// full.
  ///
  /// @param followsLog whether a method reads a log
  public void warnOfUnreadLogs(Predicate<String> followsLog) {
    Map<StreamName, StreamState> known = new TreeMap<>(store.state().streams());
    known.values().removeIf(stream -> !followsLog.test(stream.method()));
    Set<String> read = new TreeSet<>();
    Set<StreamName> changed = new TreeSet<>();
    for (Stream stream : selected) {
      if (followsLog.test(stream.method())) {
        read.add(stream.name().database());
      } else {
        changed.add(stream.name());
      }
    }
    Set<String> unread = new TreeSet<>();
    for (StreamName name : known.keySet()) {
      if (gone.contains(name) || changed.contains(name)) {
        unread.add(name.database());
      } else {
        read.add(name.database());
      }
    }
    unread.removeAll(read);
    for (String database : unread) {
      LOG.warn(
          "database '{}': no stream of this pipeline is read from its log any more, and the replication slot still keeps the log; 'runtime slots' shows the slot, and 'runtime slots drop' removes it",
          database);
    }
  }

  /// Forgets the streams that the pipeline does not mean any more, so that the source keeps nothing
  /// for them.
  ///
  /// @param methods the methods of streams that are to be forgotten
  public void forgetGone(Predicate<String> methods) throws IOException {
    Map<StreamName, StreamState> known = store.state().streams();
    Set<String> taken = selected.stream().map(Stream::destination).collect(Collectors.toSet());
    Set<StreamName> forgotten = new TreeSet<>(gone);
    forgotten.removeIf(name -> {
      StreamState left = known.get(name);
      return left != null && !methods.test(left.method()) && !taken.contains(left.destination());
    });
    for (StreamName name : forgotten) {
      LOG.info(
          "stream {}: the pipeline no longer has it, so its place is forgotten; what was written of it stays",
          labels.of(name));
    }
    store.forget(forgotten);
  }

  /// What this run works on.
  public Map<StreamName, StreamWork> works(List<Stream> streams) {
    Map<StreamName, StreamWork> works = new LinkedHashMap<>();
    for (Stream stream : streams) {
      StreamState known = store.state().streams().get(stream.name());
      works.put(
          stream.name(),
          new StreamWork(
              new StreamProgress(stream, labels.of(stream.name())),
              position(stream, true),
              known == null ? 0 : known.version()));
    }
    return works;
  }

  /// The streams that this run leaves out, and that must find what they need when they come again:
  /// the selected ones, and those that the pipeline means and cannot select now, since a column or
  /// a privilege is missing.
  public List<StreamPosition> except(Collection<StreamName> present) {
    List<StreamPosition> left = new ArrayList<>();
    Map<StreamName, StreamState> rest = new TreeMap<>(store.state().streams());
    rest.keySet().removeAll(present);
    for (Stream stream : selected) {
      rest.remove(stream.name());
      if (!present.contains(stream.name())) {
        left.add(new StreamPosition(stream, position(stream, false)));
      }
    }
    rest.keySet().removeAll(gone);
    rest.values().forEach(known -> left.add(new StreamPosition(unseen(known), known.position())));
    return left;
  }

  /// A stream of which nothing is known but its state.
  private static Stream unseen(StreamState known) {
    return new Stream(
        known.name(),
        RelationKind.TABLE,
        new Schema(List.of(), List.of()),
        known.destination(),
        known.method(),
        List.of(),
        -1,
        -1);
  }

  private Position position(Stream stream, boolean say) {
    StreamState known = store.state().streams().get(stream.name());
    if (say && known != null && !known.position().isStart()) {
      change(stream, known)
          .ifPresent(change ->
              LOG.warn(
                  "stream {}: its {} has changed from {} to {}, so it begins anew",
                  labels.of(stream.name()),
                  change.of(),
                  change.before(),
                  change.after()));
    }
    return position(stream, known);
  }

  /// Where a stream goes on: where it was left, unless it is to be read or written in another way.
  static Position position(Stream stream, @Nullable StreamState known) {
    return known == null || change(stream, known).isPresent() ? Position.START : known.position();
  }

  /// A change of a stream's entry.
  ///
  /// @param of what has changed
  record Change(String of, String before, String after) {}

  /// What has changed of a stream since it was left, so that it has to begin anew.
  static Optional<Change> change(Stream stream, StreamState known) {
    if (!known.method().equals(stream.method())) {
      return Optional.of(new Change("method", known.method(), stream.method()));
    }
    return known.destination().equals(stream.destination())
        ? Optional.empty()
        : Optional.of(new Change("destination", known.destination(), stream.destination()));
  }
}
