package dev.tapline.sink.parquet.compaction;

import dev.tapline.files.PartFileNames;
import dev.tapline.sink.parquet.format.FileFormat;
import dev.tapline.sink.parquet.format.RowReader;
import dev.tapline.sink.parquet.schema.FileSchema;
import dev.tapline.spi.batch.Batch;
import dev.tapline.spi.batch.Change;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/// Merges files of changes with the compacted files before into new ones.
///
/// The changes are held in memory by key, in as many passes as needed. A compacted file without a
/// changed key is hard-linked after only its keys were read; small files are rewritten to keep
/// their number low.
final class ChangeMerger {
  private static final int SMALL = 16;

  // A row in memory takes several times its size in a compressed file.
  private static final int PASS_PART_OF_HEAP = 64;

  private final FileFormat format;
  private final Path folder;
  private final PartFileNames names;
  private final long fileSize;

  /// @param folder where the files go
  /// @param fileSize the size at which another file is started
  ChangeMerger(FileFormat format, Path folder, PartFileNames names, long fileSize) {
    this.format = format;
    this.folder = folder;
    this.names = names;
    this.fileSize = fileSize;
  }

  /// @param before files in which each key occurs once
  /// @param changes files of changes, in order
  void run(List<Path> before, List<Path> changes) throws IOException, InterruptedException {
    if (changes.isEmpty()) {
      for (Path file : before) {
        link(file);
      }
      return;
    }
    FileSchema fileSchema = mergedSchema(before, changes);
    RowKeys keys = new RowKeys(fileSchema.tableSchema().key());
    long bytes = 0;
    for (Path file : changes) {
      bytes += Files.size(file);
    }
    int passes =
        keys.isEmpty()
            ? 1
            : (int) (1 + bytes * PASS_PART_OF_HEAP / 4 / Runtime.getRuntime().maxMemory());
    try (CompactedRowWriter writer =
        new CompactedRowWriter(format, folder, names, fileSize, fileSchema)) {
      for (int pass = 0; pass < passes; pass++) {
        new Pass(keys, pass, passes).run(before, changes, fileSchema, writer);
      }
      writer.finish();
    }
  }

  // The columns of the newest file in its order, then those that only older files have.
  private FileSchema mergedSchema(List<Path> before, List<Path> changes) throws IOException {
    FileSchema fileSchema = format.readSchema(changes.getLast()).withoutChanges();
    for (Path file : changes.reversed()) {
      fileSchema = fileSchema.withColumnsOf(format.readSchema(file).withoutChanges());
    }
    for (Path file : before) {
      fileSchema = fileSchema.withColumnsOf(format.readSchema(file));
    }
    return fileSchema;
  }

  private void link(Path file) throws IOException {
    Path link = folder.resolve(file.getFileName());
    try {
      Files.createLink(link, file);
    } catch (FileSystemException | UnsupportedOperationException e) {
      // The file system has no hard links.
      Files.copy(file, link);
      try (FileChannel channel = FileChannel.open(link, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
    }
  }

  /// Merges the rows whose keys belong to one pass.
  private final class Pass {
    private final RowKeys keys;
    private final int number;
    private final int passes;

    Pass(RowKeys keys, int number, int passes) {
      this.keys = keys;
      this.number = number;
      this.passes = passes;
    }

    void run(List<Path> before, List<Path> files, FileSchema fileSchema, CompactedRowWriter writer)
        throws IOException, InterruptedException {
      NetChanges changes = changes(files, fileSchema);
      for (Path file : changes.isTruncated() ? List.<Path>of() : before) {
        if (passes == 1 && Files.size(file) >= fileSize / SMALL && !touches(changes, file)) {
          link(file);
        } else {
          rewrite(file, changes, writer);
        }
      }
      changes.appendNew(writer::append);
    }

    private NetChanges changes(List<Path> files, FileSchema fileSchema) throws IOException {
      NetChanges changes = new NetChanges(fileSchema.tableSchema(), keys);
      for (Path file : files) {
        try (RowReader reader = format.open(file, column -> true)) {
          for (Optional<Batch> next = reader.next(); next.isPresent(); next = reader.next()) {
            add(next.get(), changes);
          }
        }
      }
      return changes;
    }

    private void add(Batch batch, NetChanges changes) throws IOException {
      for (int row = 0; row < batch.rows(); row++) {
        String key = keys.of(batch, row);
        if (isMine(key) || batch.change(row) == Change.TRUNCATE) {
          changes.add(batch, row, key);
        } else {
          changes.addOfOtherPass(batch, row, key);
        }
      }
    }

    private boolean touches(NetChanges changes, Path file) throws IOException {
      if (changes.isEmpty() || keys.isEmpty()) {
        return false;
      }
      try (RowReader reader = format.open(file, keys::has)) {
        for (Optional<Batch> next = reader.next(); next.isPresent(); next = reader.next()) {
          Batch batch = next.get();
          for (int row = 0; row < batch.rows(); row++) {
            if (changes.touches(keys.of(batch, row))) {
              return true;
            }
          }
        }
      }
      return false;
    }

    private void rewrite(Path file, NetChanges changes, CompactedRowWriter writer)
        throws IOException, InterruptedException {
      try (RowReader reader = format.open(file, column -> true)) {
        for (Optional<Batch> next = reader.next(); next.isPresent(); next = reader.next()) {
          Batch batch = next.get();
          for (int row = 0; row < batch.rows(); row++) {
            String key = keys.of(batch, row);
            if (!keys.isEmpty() && changes.isOrigin(key)) {
              changes.keep(batch, row, key);
            }
            if (!keys.isEmpty() && isMine(key) && changes.touches(key)) {
              changes.update(batch, row, key, writer.batch());
              writer.appended();
            } else if (keys.isEmpty() || isMine(key)) {
              writer.append(batch, row);
            }
          }
        }
      }
    }

    private boolean isMine(String key) {
      return passes == 1 || Math.floorMod(key.hashCode(), passes) == number;
    }
  }
}
