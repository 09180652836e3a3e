package dev.tapline.source.postgres.replication;

import dev.tapline.source.postgres.catalog.Column;
import dev.tapline.source.postgres.catalog.Table;
import dev.tapline.source.postgres.config.ReplicationConfig;
import dev.tapline.source.postgres.config.ReplicationConfig.Plugin;
import dev.tapline.source.postgres.connection.Session;
import dev.tapline.source.postgres.replication.facts.CurrentFacts;
import dev.tapline.source.postgres.replication.facts.Difference;
import dev.tapline.source.postgres.replication.facts.FactComparison;
import dev.tapline.source.postgres.replication.publication.IdentityGaps;
import dev.tapline.source.postgres.replication.publication.Publications;
import dev.tapline.source.postgres.replication.publication.PublishedSubset;
import dev.tapline.source.postgres.replication.publication.ReplicaIdentities;
import dev.tapline.spi.catalog.StreamName;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reports, once for each table of a run, what the log leaves out of it: a run must not pass over
/// in silence what only `check` would report. Safe for use by several threads.
final class LossReporter {
  private static final Logger LOG = LoggerFactory.getLogger("plan");

  private final Set<String> told = ConcurrentHashMap.newKeySet();

  void tell(Session session, Collection<Table> tables, Plugin plugin, ReplicationConfig config)
      throws SQLException {
    List<Table> fresh =
        tables.stream().filter(table -> told.add(table.name().qualified())).toList();
    if (fresh.isEmpty()) {
      return;
    }
    ReplicaIdentities identities = ReplicaIdentities.of(session, fresh);
    for (Table table : fresh) {
      IdentityGaps.of(table, identities)
          .forEach(
              loss -> LOG.warn("stream {}: {}; {}", table.name(), loss.problem(), loss.remedy()));
    }
    if (plugin == Plugin.WAL2JSON) {
      fresh.forEach(LossReporter::reportNonNumbers);
    }
    if (plugin == Plugin.WAL2JSON && config.format().equals("1") && told.add("")) {
      LOG.warn(
          "wal2json's format 1 leaves TRUNCATE out, after which copies keep the rows; set source.format to 2 unless no table is ever truncated");
    }
  }

  /// Tells what is no longer as it was and lets a stream go on.
  void tell(StreamName stream, Difference difference) {
    difference.tell(LOG, stream, told);
  }

  /// Tells which operations do not come, once for each table.
  void reportUnpublished(StreamName stream, CurrentFacts present) {
    String missing = present.missing();
    if (!missing.isEmpty() && told.add("operations " + stream.qualified())) {
      LOG.warn("stream {}: {}", stream, FactComparison.missing(present));
    }
  }

  /// Says, once for each table, where somebody else's publication makes the application fail.
  void reportHarm(
      Session session, Collection<Table> tables, Publications publications, String publication)
      throws SQLException {
    if (!publications.isForeign() || !publications.publishesUpdates()) {
      return;
    }
    ReplicaIdentities identities = ReplicaIdentities.of(session, tables);
    for (Table table : tables) {
      List<IdentityGaps.Loss> harm = IdentityGaps.harm(table, identities, publication);
      if (!harm.isEmpty() && told.add("harm " + table.name().qualified())) {
        harm.forEach(it -> LOG.warn("stream {}: {}; {}", table.name(), it.problem(), it.remedy()));
      }
    }
  }

  private static void reportNonNumbers(Table table) {
    String columns =
        table.columns().stream()
            .filter(Column::canBeNoNumber)
            .map(column -> column.field().name())
            .collect(Collectors.joining(", "));
    if (!columns.isEmpty()) {
      LOG.warn(
          "stream {}: wal2json brings NaN and infinities of the columns {} as NULL; set source.plugin to pgoutput if they have such values",
          table.name(),
          columns);
    }
  }

  /// Names the columns that do not come, once for each table.
  void reportHidden(Collection<Table> tables, Map<Long, PublishedSubset> subsets) {
    for (Table table : tables) {
      Set<String> hidden = subsets.getOrDefault(table.facts().oid(), PublishedSubset.NONE).hidden();
      if (!hidden.isEmpty() && told.add("hidden " + table.name().qualified())) {
        LOG.warn("stream {}: {}", table.name(), PublishedSubset.told(hidden));
      }
    }
  }
}
