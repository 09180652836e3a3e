package dev.tapline.engine.select;

import dev.tapline.engine.Pipeline;
import dev.tapline.engine.RefusedException;
import dev.tapline.engine.failure.Failures;
import dev.tapline.spi.catalog.Catalog;
import dev.tapline.spi.catalog.Finding;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.config.Nearest;
import dev.tapline.spi.sink.Sink;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// What a run is about: the streams that the descriptor selects, and those of them that the command
/// line asks for.
///
/// @param selection what the descriptor selects
/// @param only patterns of the streams to run; empty for all
/// @param streams the streams to run
/// @param labels what they are called before people
public record StreamSelection(
    SelectionResult selection, List<NamePattern> only, List<Stream> streams, StreamLabels labels) {
  /// What is said where there is no stream, and no other reason for it.
  public static final String NOTHING = "the descriptor selects no stream";

  /// Copies the lists.
  public StreamSelection {
    only = List.copyOf(only);
    streams = List.copyOf(streams);
  }

  public static StreamSelection of(Catalog catalog, Pipeline pipeline, List<NamePattern> only) {
    SelectionResult selection = Selector.select(catalog, pipeline);
    return new StreamSelection(
        selection,
        only,
        selection.streams().stream()
            .filter(stream ->
                only.isEmpty() || only.stream().anyMatch(name -> name.matches(stream.name())))
            .toList(),
        new StreamLabels(catalog.severalDatabases()));
  }

  /// Refuses patterns of the command line that mean no stream. Where entries of the descriptor
  /// select nothing, a pattern may mean what these should have selected; see [#unmatched()].
  ///
  /// @throws RefusedException if it is the call that is wrong
  public void requireMatches() throws RefusedException {
    List<String> unmatched = unmatched();
    if (!unmatched.isEmpty() && selection.errors().isEmpty()) {
      throw new RefusedException(String.join("\n", unmatched), true);
    }
  }

  /// What is said of each pattern of the command line that means no stream.
  public List<String> unmatched() {
    List<String> names = selection.streams().stream().map(Stream::name).map(labels::of).toList();
    return only.stream()
        .filter(pattern -> streams.stream().noneMatch(stream -> pattern.matches(stream.name())))
        .map(pattern ->
            "no selected stream matches %s%s"
                .formatted(pattern, Nearest.hint(pattern.toString(), names)))
        .toList();
  }

  /// What a sink cannot do.
  ///
  /// @param refused what is wrong with single streams
  /// @param general what is wrong beyond them
  public record Verdict(Map<StreamName, Finding> refused, List<Finding> general) {}

  /// Asks a sink about the streams.
  public Verdict verdict(Sink sink) throws InterruptedException {
    Set<StreamName> names = streams.stream().map(Stream::name).collect(Collectors.toSet());
    Map<StreamName, Finding> refused = new LinkedHashMap<>();
    List<Finding> general = new ArrayList<>();
    for (Finding finding : sink.check(streams)) {
      if (finding.severity() != Finding.Severity.ERROR) {
        continue;
      }
      Optional<StreamName> stream = finding.stream().filter(names::contains);
      if (stream.isPresent()) {
        refused.putIfAbsent(stream.get(), finding);
      } else {
        general.add(finding);
      }
    }
    return new Verdict(refused, general);
  }

  /// A finding in one sentence, with the streams' labels of this run.
  public String sentence(Finding finding) {
    return Failures.sentence(finding, labels.withDatabase());
  }
}
