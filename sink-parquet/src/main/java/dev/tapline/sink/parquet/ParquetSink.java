package dev.tapline.sink.parquet;

import dev.tapline.files.AtomicSwap;
import dev.tapline.files.FileForm;
import dev.tapline.files.FileStore;
import dev.tapline.files.FolderPublisher;
import dev.tapline.files.FolderStore;
import dev.tapline.files.PartFileNames;
import dev.tapline.files.Workspace;
import dev.tapline.files.objects.ObjectFileStore;
import dev.tapline.files.s3.S3Config;
import dev.tapline.files.s3.S3Store;
import dev.tapline.sink.parquet.compaction.Compactor;
import dev.tapline.sink.parquet.format.FileFormat;
import dev.tapline.sink.parquet.schema.FileSchema;
import dev.tapline.spi.catalog.Finding;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.config.Location;
import dev.tapline.spi.sink.Capability;
import dev.tapline.spi.sink.GrowingClock;
import dev.tapline.spi.sink.Sink;
import dev.tapline.spi.sink.SinkCommitter;
import dev.tapline.spi.sink.SinkContext;
import dev.tapline.spi.sink.SinkWriter;
import dev.tapline.spi.sink.WriterContext;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Writes each stream to a folder of files, on this machine or in an object store.
public final class ParquetSink implements Sink {
  private static final int PART_OF_HEAP = 4;

  /// The form of Parquet files.
  public static final FileForm PARQUET =
      new FileForm(false, "parquet", ".parquet", "format: parquet");

  /// The form of Avro files.
  public static final FileForm AVRO = new FileForm(false, "avro", ".avro", "format: avro");

  private static final List<FileForm> FORMS = List.of(PARQUET, AVRO);

  private final OutputConfig config;
  private final FileFormat format;
  private final FileStore store;
  private final PartFileNames names;
  private final GrowingClock clock;
  private final NullCounts nulls = new NullCounts();
  private final MemoryBudget rows = budget();
  private final MemoryBudget uploads = budget();

  /// Creates a sink; nothing is read or written yet.
  ///
  /// @param form the form of the files that `format` writes
  /// @param context whose sink it is
  public ParquetSink(OutputConfig config, FileForm form, FileFormat format, SinkContext context) {
    String pipeline = context.pipeline();
    this.clock = context.clock();
    this.config = config;
    this.format = format;
    this.names = new PartFileNames(clock, form.extension());
    this.store =
        switch (config.path()) {
          case Location.Local(Path folder) ->
              folderStore(new Workspace(folder, pipeline, form, FORMS));
          case Location.Remote address -> objectStore(address, form, pipeline);
        };
  }

  @Override
  public Set<Capability> capabilities() {
    Set<Capability> capabilities =
        EnumSet.of(Capability.REPLACE, Capability.SCHEMA_CHANGE, Capability.EXACTLY_ONCE);
    if (config.layout().compact()) {
      capabilities.addAll(List.of(Capability.UPSERT, Capability.DELETE, Capability.TRUNCATE));
    }
    return capabilities;
  }

  @Override
  public List<Finding> check(List<Stream> streams) {
    return store.check(streams);
  }

  @Override
  public SinkWriter openWriter(WriterContext context) throws IOException {
    return new ParquetSinkWriter(
        context,
        config,
        format,
        store.open(context),
        names,
        clock,
        nulls,
        rows.share(),
        uploads.share());
  }

  @Override
  public SinkCommitter openCommitter() throws IOException {
    return store.committer();
  }

  @Override
  public void close() throws IOException {
    nulls.report();
    format.close();
    store.close();
  }

  private FileStore folderStore(Workspace workspace) {
    AtomicSwap atomicSwap = AtomicSwap.best();
    Optional<Compactor> compactor =
        config.layout().compact()
            ? Optional.of(new Compactor(workspace, atomicSwap, format, names, config.fileSize()))
            : Optional.empty();
    ParquetPublisher publisher =
        new ParquetPublisher(
            workspace,
            new FolderPublisher(workspace, atomicSwap),
            config.layout().successMarker(),
            compactor);
    return new FolderStore(
        workspace,
        publisher,
        stream -> {
          Optional<String> content = problem(stream);
          return content.isPresent() || compactor.isEmpty()
              ? content
              : compactor.get().problem(stream.destination());
        });
  }

  private FileStore objectStore(Location.Remote address, FileForm form, String pipeline) {
    S3Config s3 =
        config
            .s3()
            .orElseThrow(() -> new IllegalArgumentException(address + " is no store of this sink"));
    return new ObjectFileStore(
        new S3Store(s3),
        s3.prefix(),
        pipeline,
        new ObjectFileStore.Options(form, FORMS, s3.partSize(), config.layout().successMarker()),
        this::problem);
  }

  private Optional<String> problem(Stream stream) {
    return FileSchema.problem(stream.destination(), stream.schema(), config.types());
  }

  private static MemoryBudget budget() {
    return new MemoryBudget(Runtime.getRuntime().maxMemory() / PART_OF_HEAP);
  }
}
