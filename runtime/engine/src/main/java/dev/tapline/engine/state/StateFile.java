package dev.tapline.engine.state;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/// A pipeline's state on disk: the file with the whole of it, and, where that is large, a journal
/// with what has changed since. Each write is durable when it returns, and leaves either the state
/// before it or the one after it, whatever instant a crash takes.
///
/// The journal is there for pipelines with many streams: a checkpoint of one change costs what has
/// changed and not the whole. It becomes part of the file when it has grown as large as that, and
/// when the run ends. One thread at a time.
final class StateFile implements Closeable {
  /// Below this size, in bytes, the whole is written each time.
  static final int SMALL = 2 << 10;

  private static final byte[] NONE = {};

  /// How many changes there are at the most for whoever reads them.
  private static final int MOST_LINES = 1_000;

  private final Path file;
  private final int small;
  private StateFormat.Whole whole;
  private long size;
  private @Nullable Journal journal;

  /// Whether the journal may hold what the file does not.
  private boolean journaled;

  private StateFile(Path file, int small, StateFormat.Whole whole) {
    this.file = file;
    this.small = small;
    this.whole = whole;
    this.journaled = Files.exists(journalOf(file));
  }

  /// @param small the size in bytes below which there is no journal
  static StateFile open(Path file, String pipeline, int small) throws IOException {
    return new StateFile(file, small, read(file, pipeline));
  }

  /// Reads the state: the file, and what its journal adds; the one of a pipeline that never ran if
  /// there is no file.
  ///
  /// @throws StateException if it is not this pipeline's whole state
  static StateFormat.Whole read(Path file, String pipeline) throws IOException {
    try {
      // In this order: a run that goes on meanwhile makes the journal part of the file, and what
      // is read first is then no more than what the file has already.
      byte[] journal = bytesOf(journalOf(file));
      if (!Files.exists(file)) {
        return new StateFormat.Whole(PipelineState.initial(pipeline), "");
      }
      StateFormat.Whole whole = StateFormat.read(Files.readAllBytes(file));
      requireOwner(file, whole.state(), pipeline);
      return new StateFormat.Whole(
          StateChange.applied(Journal.changes(journal, whole.journal()), whole.state()),
          whole.journal());
    } catch (JacksonException | IllegalArgumentException | java.time.DateTimeException e) {
      throw new StateException(
          "the state '"
              + file
              + "' is damaged or cut short ("
              + StateFormat.reason(e)
              + "); restore it from a backup, with its journal '"
              + journalOf(file).getFileName()
              + "' or without one if the backup has none, or remove it to let every stream begin anew",
          e);
    }
  }

  private static byte[] bytesOf(Path journal) throws IOException {
    try {
      return Files.readAllBytes(journal);
    } catch (NoSuchFileException e) {
      return NONE;
    }
  }

  private static void requireOwner(Path file, PipelineState state, String pipeline)
      throws StateException {
    if (!state.pipeline().equals(pipeline)) {
      throw new StateException(
          "the state '"
              + file
              + "' belongs to pipeline '"
              + state.pipeline()
              + "', not to '"
              + pipeline
              + "'; set 'name' or 'state' so that each pipeline has its own",
          null);
    }
  }

  private static Path journalOf(Path file) {
    String name = String.valueOf(file.getFileName());
    return file.resolveSibling(name.substring(0, name.length() - ".json".length()) + ".journal");
  }

  /// The state as it was read, or last written.
  PipelineState state() {
    return whole.state();
  }

  /// Writes the state that comes after [#state()].
  void write(PipelineState next) throws IOException {
    try {
      if (size <= small) {
        writeWhole(next);
      } else {
        append(StateChange.between(state(), next), next);
      }
    } catch (IOException e) {
      throw new IOException(FileErrors.sentence("cannot write the state", file, e), e);
    }
  }

  private void append(StateChange change, PipelineState next) throws IOException {
    Journal open = journal;
    if (open != null && (open.size() > Math.max(size, small) || open.lines() > MOST_LINES)) {
      writeWhole(next);
      return;
    }
    // Until it has succeeded, no line can follow: the next write is of the whole again.
    journal = null;
    try {
      if (open == null) {
        journaled = true;
        open = Journal.begin(journalOf(file), whole.journal(), change);
      } else {
        open.append(change);
      }
    } catch (IOException e) {
      size = 0;
      if (open != null) {
        open.close();
      }
      throw e;
    }
    journal = open;
    whole = new StateFormat.Whole(next, whole.journal());
  }

  private void writeWhole(PipelineState next) throws IOException {
    // Until it has succeeded, no journal can begin, and the next write is of the whole again.
    size = 0;
    Journal open = journal;
    journal = null;
    if (open != null) {
      open.close();
    }
    StateFormat.Whole written = new StateFormat.Whole(next, UUID.randomUUID().toString());
    byte[] bytes = StateFormat.write(written);
    Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
    try (FileChannel channel =
        FileChannel.open(
            temporary,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer rest = ByteBuffer.wrap(bytes);
      while (rest.hasRemaining()) {
        channel.write(rest);
      }
      channel.force(true);
    }
    try {
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      throw new IOException("its file system cannot replace a file in one step", e);
    }
    DirectorySync.force(file);
    whole = written;
    size = bytes.length;
    journaled = false;
    Files.deleteIfExists(journalOf(file));
  }

  /// Makes the journal part of the file.
  @Override
  public void close() throws IOException {
    Journal open = journal;
    if (open != null) {
      open.close();
    }
    if (!journaled) {
      return;
    }
    try {
      writeWhole(state());
    } catch (IOException e) {
      throw new IOException(FileErrors.sentence("cannot write the state", file, e), e);
    }
  }
}
