package dev.tapline.cli.command;

import dev.tapline.cli.options.DescriptorArgument;
import dev.tapline.cli.output.CatalogText;
import dev.tapline.cli.singer.SingerCatalog;
import dev.tapline.engine.Pipeline;
import dev.tapline.engine.PluginFactory;
import dev.tapline.engine.failure.Failures;
import dev.tapline.plugins.LoadedPlugins;
import dev.tapline.plugins.SupportedMethods;
import dev.tapline.spi.catalog.Catalog;
import dev.tapline.spi.catalog.Finding;
import dev.tapline.spi.catalog.Finding.Severity;
import dev.tapline.spi.source.Source;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `runtime discover`.
@Command(
    name = "discover",
    description = "Lists the tables and views of the source that the user may read.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  runtime discover pipeline.yaml",
      "  runtime discover --columns pipeline.yaml",
      "  runtime discover --format json pipeline.yaml",
      "",
      "Rows and sizes are the source's own estimates. 'methods' are what each could be",
      "replicated by; what the server still needs for it, runtime check says."
    })
public final class DiscoverCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger("discover");

  private final CommandContext context;

  @Mixin private DescriptorArgument descriptor = new DescriptorArgument();

  @Option(names = "--columns", description = "List the columns of each table too.")
  private boolean columns;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "text",
      description =
          "text; json, which always has the columns; or singer, the catalog of a Singer tap. Default: text.")
  private Format format = Format.TEXT;

  /// How a catalog is written.
  enum Format {
    /// A table.
    TEXT,
    /// JSON.
    JSON,
    /// The catalog of a Singer tap.
    SINGER
  }

  public DiscoverCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    LoadedPlugins plugins = context.plugins();
    Pipeline pipeline = context.descriptor(descriptor.path(), plugins).pipeline();
    Catalog catalog;
    SupportedMethods possible;
    try (Source source = PluginFactory.source(pipeline, plugins)) {
      catalog = source.discover();
      possible = SupportedMethods.of(catalog, source, plugins);
    }
    context
        .out()
        .print(
            switch (format) {
              case JSON -> CatalogText.json(catalog, possible);
              case SINGER -> new SingerCatalog(catalog, possible, pipeline, plugins, true).text();
              case TEXT ->
                  columns
                      ? CatalogText.details(catalog, possible)
                      : CatalogText.table(catalog, possible);
            });
    tell(catalog);
    return 0;
  }

  /// What could not be looked at.
  static void tell(Catalog catalog) {
    for (Finding finding : catalog.findings()) {
      if (finding.severity() != Severity.OK) {
        LOG.warn("{}", Failures.sentence(finding, catalog.severalDatabases()));
      }
    }
  }
}
