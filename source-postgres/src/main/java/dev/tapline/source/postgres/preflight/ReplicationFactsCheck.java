package dev.tapline.source.postgres.preflight;

import dev.tapline.source.postgres.catalog.Table;
import dev.tapline.source.postgres.config.ReplicationConfig;
import dev.tapline.source.postgres.config.ReplicationConfig.Plugin;
import dev.tapline.source.postgres.connection.Session;
import dev.tapline.source.postgres.replication.facts.Difference;
import dev.tapline.source.postgres.replication.facts.FactComparison;
import dev.tapline.source.postgres.replication.facts.FactReader;
import dev.tapline.source.postgres.replication.facts.LogDescription;
import dev.tapline.source.postgres.replication.facts.ServerIdentity;
import dev.tapline.source.postgres.replication.facts.StreamTable;
import dev.tapline.source.postgres.replication.publication.Publications;
import dev.tapline.source.postgres.replication.publication.PublishedSubset;
import dev.tapline.spi.catalog.Finding;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.catalog.StreamName;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Reports which changes of a stream do not come, and what can never be right.
final class ReplicationFactsCheck {
  private ReplicationFactsCheck() {}

  static List<Finding> of(
      Session session,
      ReplicationConfig config,
      Plugin plugin,
      List<Stream> streams,
      Collection<Table> tables)
      throws SQLException {
    String publication = config.publicationOf(session.database());
    List<String> publications =
        plugin == Plugin.PGOUTPUT
            ? new Publications(session, publication, false).names()
            : List.of();
    // What is not published yet will be, in whole.
    boolean made = plugin != Plugin.PGOUTPUT || !publications.isEmpty();
    LogDescription log =
        new LogDescription(ServerIdentity.ANY, "", plugin.word(), config.format(), publications);
    Map<StreamName, Table> byName = new HashMap<>();
    tables.forEach(table -> byName.put(table.name(), table));
    Map<Long, PublishedSubset> subsets =
        PublishedSubset.read(session, publications, List.copyOf(tables));
    List<StreamTable> followed = new ArrayList<>();
    for (Stream stream : streams) {
      Table table = byName.get(stream.name());
      if (table != null) {
        PublishedSubset subset = subsets.getOrDefault(table.facts().oid(), PublishedSubset.NONE);
        followed.add(new StreamTable(stream.name(), subset.of(stream.schema()), table));
      }
    }
    List<Finding> findings = new ArrayList<>();
    FactReader.read(session, log, followed)
        .forEach((name, present) -> {
          for (Difference difference : FactComparison.always(present)) {
            findings.add(Finding.error(name, difference.sentence(), ""));
          }
          if (made && present.unpublished().isEmpty() && !present.missing().isEmpty()) {
            findings.add(Finding.warning(name, FactComparison.missing(present), ""));
          }
        });
    return findings;
  }
}
