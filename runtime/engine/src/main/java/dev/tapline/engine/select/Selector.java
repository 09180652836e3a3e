package dev.tapline.engine.select;

import dev.tapline.engine.Pipeline;
import dev.tapline.engine.Pipeline.StreamEntry;
import dev.tapline.spi.catalog.Catalog;
import dev.tapline.spi.catalog.Finding;
import dev.tapline.spi.catalog.Relation;
import dev.tapline.spi.catalog.Schema;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.config.Nearest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Finds out what of a catalog the entries of a descriptor mean.
///
/// The most specific entry that matches a relation decides about it; `table:` entries mean tables
/// of every kind, `view:` entries views and materialized views.
public final class Selector {
  private final Catalog catalog;
  private final Pipeline pipeline;
  private final boolean severalDatabases;
  private final List<Finding> findings = new ArrayList<>();

  private Selector(Catalog catalog, Pipeline pipeline) {
    this.catalog = catalog;
    this.pipeline = pipeline;
    this.severalDatabases = catalog.severalDatabases();
  }

  /// Applies the entries to the catalog. What is wrong with an entry is a finding, and what is
  /// right is selected nevertheless.
  public static SelectionResult select(Catalog catalog, Pipeline pipeline) {
    return new Selector(catalog, pipeline).select();
  }

  private record Candidate(StreamEntry entry, NamePattern pattern, List<NamePattern> exclude) {
    boolean means(Relation relation) {
      return relation.kind().isTable() != entry.view()
          && pattern.matches(relation.name())
          && exclude.stream().noneMatch(excluded -> excluded.matches(relation.name()));
    }
  }

  private SelectionResult select() {
    List<Candidate> candidates =
        pipeline.streams().stream()
            .map(entry ->
                new Candidate(
                    entry,
                    NamePattern.parse(entry.pattern()),
                    entry.exclude().stream().map(NamePattern::parse).toList()))
            .toList();
    Comparator<Candidate> bySpecificity =
        Comparator.comparingInt(candidate -> candidate.pattern().specificity());
    Set<StreamEntry> matched = new LinkedHashSet<>();
    List<Stream> streams = new ArrayList<>();
    Map<StreamName, String> origins = new LinkedHashMap<>();
    for (Relation relation : catalog.relations()) {
      List<Candidate> meaning =
          candidates.stream().filter(candidate -> candidate.means(relation)).toList();
      meaning.forEach(candidate -> matched.add(candidate.entry()));
      meaning.stream()
          .max(bySpecificity)
          .flatMap(candidate ->
              stream(relation, candidate.entry())
                  .map(stream -> {
                    origins.put(stream.name(), candidate.entry().where());
                    return stream;
                  }))
          .ifPresent(streams::add);
    }
    candidates.stream()
        .filter(candidate -> !matched.contains(candidate.entry()))
        .forEach(this::reportNothing);
    reportUnreadable(candidates);
    reportSharedDestinations(streams);
    return new SelectionResult(streams, origins, findings);
  }

  private Optional<Stream> stream(Relation relation, StreamEntry entry) {
    List<String> names = relation.schema().fields().stream().map(field -> field.name()).toList();
    List<String> key = entry.primaryKey().isEmpty() ? relation.schema().key() : entry.primaryKey();
    int before = findings.size();
    reportUnknown(relation, entry, entry.primaryKey(), names, "primary-key");
    reportUnknown(relation, entry, entry.replicationKey(), names, "replication-key");
    reportUnknown(relation, entry, entry.includeColumns(), names, "columns.include");
    reportUnknown(relation, entry, entry.excludeColumns(), names, "columns.exclude");
    if (findings.size() > before) {
      return Optional.empty();
    }
    Schema schema =
        new Schema(
            relation.schema().fields().stream()
                .filter(field ->
                    key.contains(field.name())
                        || entry.replicationKey().contains(field.name())
                        || isWanted(entry, field.name()))
                .toList(),
            key);
    if (schema.fields().isEmpty() && !relation.schema().fields().isEmpty()) {
      findings.add(
          Finding.error(relation.name(), "no column of it is selected", "see " + entry.where()));
      return Optional.empty();
    }
    return Optional.of(
        new Stream(
            relation.name(),
            relation.kind(),
            schema,
            entry.as().isEmpty() ? destination(relation.name()) : entry.as(),
            entry.method().isEmpty() ? pipeline.method() : entry.method(),
            entry.replicationKey(),
            entry.lookback(),
            relation.estimatedRows(),
            relation.estimatedBytes()));
  }

  private static boolean isWanted(StreamEntry entry, String column) {
    boolean included =
        entry.includeColumns().isEmpty() || matchesAny(entry.includeColumns(), column);
    return included && !matchesAny(entry.excludeColumns(), column);
  }

  private static boolean matchesAny(List<String> patterns, String column) {
    return patterns.stream()
        .anyMatch(pattern ->
            pattern.equals(column) || NamePattern.glob(pattern).matcher(column).matches());
  }

  private void reportUnknown(
      Relation relation, StreamEntry entry, List<String> wanted, List<String> names, String where) {
    for (String pattern : wanted) {
      if (names.stream().noneMatch(name -> matchesAny(List.of(pattern), name))) {
        String reason =
            relation.hidden().contains(pattern)
                ? "the user may not read column '" + pattern + "'"
                : "there is no column '" + pattern + "'" + Nearest.hint(pattern, names);
        findings.add(Finding.error(relation.name(), where + ": " + reason, "see " + entry.where()));
      }
    }
  }

  private String label(StreamName name) {
    return severalDatabases ? name.qualified() : name.toString();
  }

  private String destination(StreamName name) {
    return destination(catalog, name);
  }

  /// What the sink calls a relation of a catalog unless somebody says otherwise.
  public static String destination(Catalog catalog, StreamName name) {
    String table = name.namespace() + "__" + name.name();
    return catalog.severalDatabases() ? name.database() + "__" + table : table;
  }

  private void reportNothing(Candidate candidate) {
    StreamEntry entry = candidate.entry();
    String what = entry.view() ? "view" : "table";
    Optional<Finding> hidden =
        catalog.findings().stream()
            .filter(finding ->
                candidate.pattern().isExact()
                    && finding.stream().filter(candidate.pattern()::matches).isPresent())
            .findFirst();
    if (hidden.isPresent()) {
      findings.add(hidden.get().as(Finding.Severity.ERROR));
      return;
    }
    Optional<Finding> closed =
        catalog.findings().stream()
            .filter(finding -> explains(finding.subject(), candidate.pattern()))
            .findFirst();
    if (closed.isPresent()) {
      Finding reason = closed.get();
      findings.add(Finding.error(entry.pattern(), reason.message(), reason.remedy()));
      return;
    }
    List<Relation> met =
        catalog.relations().stream()
            .filter(relation -> candidate.pattern().matches(relation.name()))
            .toList();
    Optional<Relation> otherKind =
        met.stream().filter(relation -> relation.kind().isTable() == entry.view()).findFirst();
    if (met.stream().anyMatch(relation -> relation.kind().isTable() != entry.view())) {
      findings.add(
          Finding.error(
              entry.pattern(),
              "its 'exclude' leaves out every %s that the pattern '%s' means"
                  .formatted(what, entry.pattern()),
              "see " + entry.where()));
      return;
    }
    String message =
        candidate.pattern().isExact()
            ? "there is no " + what + " '" + entry.pattern() + "' that the user may read"
            : "the pattern '" + entry.pattern() + "' selects no " + what;
    List<String> names =
        catalog.relations().stream().map(relation -> label(relation.name())).toList();
    String hint =
        otherKind
            .map(relation ->
                "; it is a "
                    + relation.kind().label()
                    + ": name it under '"
                    + (relation.kind().isTable() ? "table:" : "view:")
                    + "'")
            .orElseGet(() -> Nearest.hint(candidate.pattern().plain(), names));
    findings.add(
        Finding.error(
            entry.pattern(),
            message + hint,
            "see " + entry.where() + ", and runtime discover for what there is"));
  }

  // Whether a pattern may have found nothing because this could not be looked into.
  private boolean explains(Finding.Subject subject, NamePattern pattern) {
    return switch (subject) {
      case Finding.OfSchema(String database, String schema) ->
          pattern.matchesSchema(database, schema);
      case Finding.OfDatabase(String database) ->
          pattern.namesDatabase()
              ? pattern.matchesDatabase(database)
              : catalog.relations().isEmpty();
      case Finding.OfStream _, Finding.OfTopic _ -> false;
    };
  }

  /// What a pattern would mean too, could the user read it. A plain name is an error already.
  private void reportUnreadable(List<Candidate> candidates) {
    for (Finding finding : catalog.findings()) {
      @Nullable StreamName name = finding.stream().orElse(null);
      if (name == null || finding.severity() == Finding.Severity.OK) {
        continue;
      }
      boolean meant =
          candidates.stream()
              .filter(candidate -> !candidate.pattern().isExact())
              .anyMatch(candidate ->
                  candidate.pattern().matches(name)
                      && candidate.exclude().stream()
                          .noneMatch(excluded -> excluded.matches(name)));
      if (meant) {
        findings.add(Finding.warning(name, "left out: " + finding.message(), finding.remedy()));
      }
    }
  }

  private void reportSharedDestinations(List<Stream> streams) {
    Map<String, List<Stream>> byDestination =
        streams.stream()
            .collect(
                Collectors.groupingBy(
                    Stream::destination, LinkedHashMap::new, Collectors.toList()));
    byDestination.forEach((destination, sharing) -> {
      if (sharing.size() > 1) {
        String names =
            sharing.stream()
                .map(stream -> label(stream.name()))
                .collect(Collectors.joining(" and "));
        findings.add(
            new Finding(
                Finding.Severity.ERROR,
                SHARED_DESTINATION,
                names + " would all be written to '" + destination + "'",
                "give each a name of its own with 'as:'"));
      }
    });
  }

  /// The subject of findings about destinations that streams share: no run may begin with one.
  public static final Finding.Subject SHARED_DESTINATION = new Finding.OfTopic("destination");
}
