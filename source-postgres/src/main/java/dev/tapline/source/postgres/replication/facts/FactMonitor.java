package dev.tapline.source.postgres.replication.facts;

import dev.tapline.source.postgres.catalog.CatalogReader;
import dev.tapline.source.postgres.catalog.Table;
import dev.tapline.source.postgres.connection.Session;
import dev.tapline.source.postgres.replication.publication.PublishedSubset;
import dev.tapline.spi.catalog.Schema;
import dev.tapline.spi.catalog.StreamName;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/// Checks, while a log is read, whether what the positions of its streams rest on is still true.
/// For use by one thread at a time.
public final class FactMonitor {
  private final LogDescription log;
  private final boolean keepsRemoved;
  private final Map<StreamName, Watched> streams = new HashMap<>();
  private final Map<StreamName, Set<Long>> met = new ConcurrentHashMap<>();
  private final Map<StreamName, Set<Long>> compared = new HashMap<>();

  /// A stream that is watched.
  ///
  /// @param selected the fields that the descriptor selects, those included that do not come
  /// @param everything whether the descriptor selects every column that may be read
  /// @param oid the number of its table
  /// @param facts what its position rests on, as [StreamFacts#text()] has it
  /// @param filter the row filter under which it is published
  public record Watched(
      Schema selected, boolean everything, long oid, String facts, String filter) {}

  /// What has become of a stream.
  ///
  /// @param differences what is not as it was
  /// @param facts what is true now; empty when the stream does not go on
  /// @param met the tables whose rows were met of which this takes account
  public record Seen(List<Difference> differences, String facts, Set<Long> met) {
    public Seen {
      differences = List.copyOf(differences);
      met = Set.copyOf(met);
    }

    /// This and what was seen after it.
    public Seen then(Seen later) {
      List<Difference> all = new ArrayList<>(differences);
      all.addAll(later.differences());
      Set<Long> both = new HashSet<>(met);
      both.addAll(later.met());
      return new Seen(all, later.facts(), both);
    }
  }

  /// @param log the log that is read
  /// @param keepsRemoved as [FactComparison] takes it
  /// @param streams the streams that are followed
  public FactMonitor(LogDescription log, boolean keepsRemoved, Map<StreamName, Watched> streams) {
    this.log = log;
    this.keepsRemoved = keepsRemoved;
    this.streams.putAll(streams);
  }

  /// Rows of tables were read of which the facts know nothing. For any thread.
  ///
  /// @param oids the numbers of all such tables of the stream
  public void meet(StreamName stream, Set<Long> oids) {
    met.put(stream, Set.copyOf(oids));
  }

  /// Looks once. Streams of which nothing has changed are left out, and those that do not go on are
  /// not looked at again.
  ///
  /// @param session a session with the database, in no transaction
  public Map<StreamName, Seen> at(Session session) throws SQLException {
    // Before the snapshot: what was met by now is there for it.
    Map<StreamName, Set<Long>> known = Map.copyOf(met);
    session.beginSnapshot();
    // A table in the middle of an ALTER must not hold up the look: the next one finds it.
    session.execute("SET LOCAL lock_timeout = '2s'");
    Map<StreamName, Seen> seen = look(session, known);
    session.rollback();
    seen.forEach(
        (name, one) -> compared.computeIfAbsent(name, _ -> new HashSet<>()).addAll(one.met()));
    seen.forEach((name, one) ->
        streams.computeIfPresent(
            name,
            (_, watched) ->
                one.facts().isEmpty()
                    ? null
                    : new Watched(
                        watched.selected(),
                        watched.everything(),
                        watched.oid(),
                        one.facts(),
                        watched.filter())));
    return seen;
  }

  private Map<StreamName, Seen> look(Session session, Map<StreamName, Set<Long>> known)
      throws SQLException {
    Map<StreamName, Table> tables = CatalogReader.readShapes(session, streams.keySet());
    Map<Long, PublishedSubset> subsets =
        PublishedSubset.read(session, log.publications(), List.copyOf(tables.values()));
    List<StreamTable> followed = new ArrayList<>();
    Map<StreamName, Seen> seen = new HashMap<>();
    streams.forEach((name, watched) -> {
      Table table = tables.get(name);
      if (table == null) {
        seen.put(name, new Seen(List.of(FactComparison.gone()), "", Set.of()));
      } else if (table.facts().oid() != watched.oid()) {
        seen.put(name, new Seen(List.of(FactComparison.madeAnew()), "", Set.of()));
      } else {
        PublishedSubset subset = subsets.getOrDefault(watched.oid(), PublishedSubset.NONE);
        followed.add(new StreamTable(name, subset.of(selected(watched, table)), table));
      }
    });
    Map<StreamName, CurrentFacts> present = FactReader.read(session, log, followed);
    FactComparison comparison = new FactComparison(session, keepsRemoved);
    for (Map.Entry<StreamName, CurrentFacts> entry : present.entrySet()) {
      Watched watched = streams.get(entry.getKey());
      if (watched == null) {
        continue;
      }
      Set<Long> fresh = new TreeSet<>(known.getOrDefault(entry.getKey(), Set.of()));
      fresh.removeAll(compared.getOrDefault(entry.getKey(), Set.of()));
      String before = StreamFacts.meeting(watched.facts(), fresh);
      String facts = entry.getValue().facts().text();
      String filter = subsets.getOrDefault(watched.oid(), PublishedSubset.NONE).filter();
      List<Difference> differences = new ArrayList<>(FactComparison.always(entry.getValue()));
      boolean same =
          differences.isEmpty()
              && entry.getValue().unpublished().isEmpty()
              && entry.getValue().late().isEmpty()
              && facts.equals(before)
              && filter.equals(watched.filter());
      if (same) {
        continue;
      }
      differences.addAll(
          comparison.of(before, watched.filter(), filter, entry.getValue(), Set.of()));
      boolean goesOn =
          differences.stream().allMatch(one -> one.consequence() == Consequence.GOES_ON);
      if (!differences.isEmpty() || !facts.equals(before)) {
        seen.put(entry.getKey(), new Seen(differences, goesOn ? facts : "", fresh));
      }
    }
    return seen;
  }

  // A column that was added since belongs to a stream of all columns.
  private static Schema selected(Watched watched, Table table) {
    return watched.everything() ? table.relation().schema() : watched.selected();
  }
}
