package dev.tapline.source.postgres.replication.publication;

import dev.tapline.source.postgres.catalog.CatalogText;
import dev.tapline.source.postgres.catalog.Column;
import dev.tapline.source.postgres.catalog.Table;
import dev.tapline.source.postgres.connection.Session;
import dev.tapline.source.postgres.sql.Quote;
import dev.tapline.spi.catalog.Field;
import dev.tapline.spi.catalog.Schema;
import dev.tapline.spi.catalog.Stream;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What of a table comes through the log: without the columns that a publication leaves out or that
/// are computed, and without the rows that its filter drops. Scans leave out the same, so that both
/// yield one table.
///
/// @param hidden names of the columns that do not come
/// @param filters the conditions that rows must meet, by the number of the table
public record PublishedSubset(Set<String> hidden, Map<Long, String> filters) {
  // No name has it.
  private static final String BETWEEN_NAMES = "\u0001";

  private static final int WITH_GENERATED = 120_000;
  private static final int WITH_LISTS_AND_FILTERS = 150_000;
  private static final int WITH_PUBLISHED_GENERATED = 180_000;

  /// Nothing is left out.
  public static final PublishedSubset NONE = new PublishedSubset(Set.of(), Map.of());

  public PublishedSubset {
    hidden = Set.copyOf(hidden);
    filters = Map.copyOf(filters);
  }

  /// The conditions in one text, to see whether they have changed; empty when there are none.
  public String filter() {
    return new TreeMap<>(filters).values().stream().distinct().collect(Collectors.joining(" | "));
  }

  /// The stream without what does not come.
  public Stream of(Stream stream) {
    if (hidden.isEmpty()) {
      return stream;
    }
    return new Stream(
        stream.name(),
        stream.kind(),
        of(stream.schema()),
        stream.destination(),
        stream.method(),
        stream.replicationKey(),
        stream.estimatedRows(),
        stream.estimatedBytes());
  }

  /// The schema without what does not come.
  public Schema of(Schema schema) {
    List<Field> fields =
        schema.fields().stream().filter(field -> !hidden.contains(field.name())).toList();
    List<String> key = schema.key().stream().anyMatch(hidden::contains) ? List.of() : schema.key();
    return new Schema(fields, key);
  }

  /// Says which columns do not come.
  public static String told(Set<String> hidden) {
    return "its log does not bring the columns %s, which are generated or not published; the copy leaves them out too"
        .formatted(hidden.stream().sorted().collect(Collectors.joining(", ")));
  }

  private record Published(List<String> columns, String filter) {}

  /// What each table loses on its way.
  ///
  /// @param publications those that are read; empty when the plug-in knows no publications
  public static Map<Long, PublishedSubset> read(
      Session session, List<String> publications, List<Table> tables) throws SQLException {
    Map<Long, Set<String>> generated = generated(session, publications, tables);
    Map<String, Published> published = published(session, publications);
    Map<Long, PublishedSubset> subsets = new HashMap<>();
    for (Table table : tables) {
      Set<String> hidden = new HashSet<>(generated.getOrDefault(table.facts().oid(), Set.of()));
      Map<Long, String> filters = new HashMap<>();
      collect(table, table, published, hidden, filters);
      subsets.put(table.facts().oid(), new PublishedSubset(hidden, filters));
    }
    return subsets;
  }

  private static void collect(
      Table root,
      Table table,
      Map<String, Published> published,
      Set<String> hidden,
      Map<Long, String> filters) {
    @Nullable Published found = published.get(table.facts().quoted());
    if (found != null) {
      for (Column column : root.columns()) {
        if (!found.columns().contains(column.field().name())) {
          hidden.add(column.field().name());
        }
      }
      if (!found.filter().isEmpty()) {
        addFilter(table, found.filter(), filters);
      }
    } else {
      table.children().forEach(child -> collect(root, child, published, hidden, filters));
    }
  }

  private static void addFilter(Table table, String filter, Map<Long, String> filters) {
    filters.put(table.facts().oid(), filter);
    table.children().forEach(child -> addFilter(child, filter, filters));
  }

  private static Map<String, Published> published(Session session, List<String> publications)
      throws SQLException {
    Map<String, Published> published = new HashMap<>();
    if (session.version() < WITH_LISTS_AND_FILTERS || publications.isEmpty()) {
      return published;
    }
    String names = publications.stream().map(Quote::text).collect(Collectors.joining(","));
    CatalogText text = CatalogText.of(session);
    session
        .query(
            """
            SELECT %s, %s, %s, %s
            FROM pg_catalog.pg_publication_tables WHERE pubname IN (%s)
            """
                .formatted(
                    text.sql("schemaname"),
                    text.sql("tablename"),
                    text.sql("pg_catalog.array_to_string(attnames, '%s')".formatted(BETWEEN_NAMES)),
                    text.sql("rowfilter"),
                    names),
            row ->
                Map.entry(
                    Quote.name(text.read(row, 1)) + "." + Quote.name(text.read(row, 2)),
                    new Published(
                        List.of(text.read(row, 3).split(BETWEEN_NAMES, -1)), text.read(row, 4))))
        .forEach(entry -> published.put(entry.getKey(), entry.getValue()));
    return published;
  }

  // pgoutput sends no generated column before 18; from then on those that are stored and published.
  // Virtual ones are in no log.
  private static Map<Long, Set<String>> generated(
      Session session, List<String> publications, List<Table> tables) throws SQLException {
    Map<Long, Set<String>> generated = new HashMap<>();
    if (session.version() < WITH_GENERATED || tables.isEmpty()) {
      return generated;
    }
    boolean sent = publications.isEmpty() || session.version() >= WITH_PUBLISHED_GENERATED;
    List<String> oids = new ArrayList<>();
    tables.forEach(table -> oids.add(String.valueOf(table.facts().oid())));
    session
        .query(
            """
            SELECT a.attrelid, a.attname FROM pg_catalog.pg_attribute a
            WHERE a.attrelid = ANY ('{%s}') AND NOT a.attisdropped AND a.attgenerated <> ''
              AND (a.attgenerated <> 's' OR %s)
            """
                .formatted(String.join(",", oids), !sent),
            row -> Map.entry(row.getLong(1), row.getString(2)))
        .forEach(entry ->
            generated
                .computeIfAbsent(entry.getKey(), oid -> new HashSet<>())
                .add(entry.getValue()));
    return generated;
  }
}
