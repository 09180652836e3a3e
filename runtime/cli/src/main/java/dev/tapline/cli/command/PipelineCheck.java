package dev.tapline.cli.command;

import dev.tapline.cli.descriptor.Descriptor;
import dev.tapline.engine.Pipeline;
import dev.tapline.engine.PluginFactory;
import dev.tapline.engine.select.DuplicateRowWarnings;
import dev.tapline.engine.select.SelectionResult;
import dev.tapline.engine.select.Selector;
import dev.tapline.engine.select.StreamLabels;
import dev.tapline.engine.state.FileErrors;
import dev.tapline.plugins.LoadedPlugins;
import dev.tapline.spi.catalog.Catalog;
import dev.tapline.spi.catalog.Finding;
import dev.tapline.spi.catalog.Finding.Severity;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.config.Config;
import dev.tapline.spi.method.ReplicationMethod;
import dev.tapline.spi.method.ReplicationMethodProvider;
import dev.tapline.spi.sink.Sink;
import dev.tapline.spi.source.Source;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Asks everyone who takes part in a pipeline what is in the way of a run.
final class PipelineCheck {
  private final Descriptor descriptor;
  private final Pipeline pipeline;
  private final LoadedPlugins plugins;
  private final List<Finding> findings = new ArrayList<>();
  private boolean severalDatabases;

  PipelineCheck(Descriptor descriptor, LoadedPlugins plugins) {
    this.descriptor = descriptor;
    this.pipeline = descriptor.pipeline();
    this.plugins = plugins;
  }

  /// What was found, without repetitions.
  List<CheckResult> results() throws IOException, InterruptedException {
    try (Source source = PluginFactory.source(pipeline, plugins);
        Sink sink = PluginFactory.sink(pipeline, plugins)) {
      List<Stream> streams = select(source);
      checkMethods(source, streams);
      findings.addAll(sink.check(streams));
      findings.addAll(
          DuplicateRowWarnings.of(
              streams,
              StreamLabels.of(streams.stream().map(Stream::name).toList()),
              pipeline.sink().type(),
              sink.capabilities()));
      findings.add(FileErrors.check(descriptor.stateFolder()));
    }
    return findings.stream()
        .map(finding -> CheckResult.of(finding, severalDatabases))
        .distinct()
        .toList();
  }

  private List<Stream> select(Source source) throws InterruptedException {
    Catalog catalog;
    try {
      catalog = source.discover();
    } catch (IOException e) {
      List<Finding> reasons = source.check(List.of());
      findings.addAll(reasons);
      // The source's own findings say it better, with a remedy.
      if (reasons.stream().noneMatch(finding -> finding.severity() == Severity.ERROR)) {
        findings.add(Finding.error("source '" + pipeline.source().type() + "'", message(e), ""));
      }
      return List.of();
    }
    severalDatabases = catalog.severalDatabases();
    SelectionResult selection = Selector.select(catalog, pipeline);
    findings.addAll(source.check(selection.streams()));
    findings.addAll(selection.findings());
    // Whole databases that cannot be looked into; of tables, those that were asked for are told of.
    catalog.findings().stream()
        .filter(finding -> finding.stream().isEmpty())
        .map(finding ->
            finding.severity() == Severity.ERROR ? finding.as(Severity.WARNING) : finding)
        .forEach(findings::add);
    if (!selection.streams().isEmpty()) {
      findings.add(Finding.ok("streams", selection.streams().size() + " selected for replication"));
    }
    return selection.streams();
  }

  private void checkMethods(Source source, List<Stream> streams) throws IOException {
    Map<String, List<Stream>> byMethod =
        streams.stream().collect(Collectors.groupingBy(Stream::method));
    for (Map.Entry<String, List<Stream>> entry : byMethod.entrySet()) {
      Optional<ReplicationMethodProvider> provider = plugins.method(entry.getKey());
      if (provider.isPresent()) {
        Config defaults = Config.of(provider.get().config(), Map.of());
        try (ReplicationMethod method = provider.get().create(defaults)) {
          entry.getValue().forEach(stream -> findings.addAll(method.check(source, stream)));
        }
      }
    }
  }

  private static String message(IOException e) {
    return e.getMessage() == null ? e.toString() : e.getMessage();
  }
}
