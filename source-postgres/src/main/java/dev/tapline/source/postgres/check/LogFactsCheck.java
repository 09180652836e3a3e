package dev.tapline.source.postgres.check;

import dev.tapline.source.postgres.catalog.Table;
import dev.tapline.source.postgres.connect.LogSettings;
import dev.tapline.source.postgres.connect.LogSettings.Plugin;
import dev.tapline.source.postgres.connect.Session;
import dev.tapline.source.postgres.log.facts.Comparison;
import dev.tapline.source.postgres.log.facts.Difference;
import dev.tapline.source.postgres.log.facts.FactReader;
import dev.tapline.source.postgres.log.facts.ServerIdentity;
import dev.tapline.source.postgres.log.publication.Narrowing;
import dev.tapline.source.postgres.log.publication.Publications;
import dev.tapline.spi.Finding;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.catalog.StreamName;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What of each stream's changes does not come, and what can never be right.
final class LogFactsCheck {
  private LogFactsCheck() {}

  static List<Finding> of(
      Session session,
      LogSettings settings,
      Plugin plugin,
      List<Stream> streams,
      Collection<Table> tables)
      throws SQLException {
    String publication = settings.publicationOf(session.database());
    List<String> publications =
        plugin == Plugin.PGOUTPUT
            ? new Publications(session, publication, false).names()
            : List.of();
    // What is not published yet will be, in whole.
    boolean made = plugin != Plugin.PGOUTPUT || !publications.isEmpty();
    FactReader.Log log =
        new FactReader.Log(ServerIdentity.ANY, "", plugin.word(), settings.format(), publications);
    Map<StreamName, Table> byName = new HashMap<>();
    tables.forEach(table -> byName.put(table.name(), table));
    Map<Long, Narrowing> narrowings = Narrowing.read(session, publications, List.copyOf(tables));
    List<FactReader.Followed> followed = new ArrayList<>();
    for (Stream stream : streams) {
      Table table = byName.get(stream.name());
      if (table != null) {
        Narrowing narrowing = narrowings.getOrDefault(table.facts().oid(), Narrowing.NONE);
        followed.add(new FactReader.Followed(stream.name(), narrowing.of(stream.schema()), table));
      }
    }
    List<Finding> findings = new ArrayList<>();
    FactReader.read(session, log, followed)
        .forEach((name, present) -> {
          for (Difference difference : Comparison.always(present)) {
            findings.add(Finding.error(name.toString(), difference.sentence(), ""));
          }
          if (made && present.unpublished().isEmpty() && !present.missing().isEmpty()) {
            findings.add(Finding.warning(name.toString(), Comparison.missing(present), ""));
          }
        });
    return findings;
  }
}
