package dev.tapline.engine.state;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// A pipeline's state file, `<folder>/<pipeline>.json`, held against a second run for as long as
/// this is open. Each write is whole or not there, and survives a crash of the machine. One thread
/// at a time.
public final class FileStateStore implements StateStore {
  private final Path file;
  private final StateLock lock;
  private final StateFile contents;

  private FileStateStore(Path file, StateLock lock, StateFile contents) {
    this.file = file;
    this.lock = lock;
    this.contents = contents;
  }

  /// Takes the lock and reads the state, or begins one.
  ///
  /// @throws StateException if another run holds it, or the file is not this pipeline's whole state
  /// @throws IOException if the folder cannot be written
  public static FileStateStore open(Path folder, String pipeline) throws IOException {
    return open(folder, pipeline, StateFile.SMALL);
  }

  /// @param small as of [StateFile]
  static FileStateStore open(Path folder, String pipeline, int small) throws IOException {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new StateException(FileErrors.sentence("cannot create the state folder", folder, e), e);
    }
    Path file = fileOf(folder, pipeline);
    StateLock lock = StateLock.take(folder, pipeline);
    try {
      return new FileStateStore(file, lock, StateFile.open(file, pipeline, small));
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  /// Where the state of a pipeline is.
  public static Path fileOf(Path folder, String pipeline) {
    return folder.resolve(pipeline + ".json");
  }

  /// Reads a state without holding it; the one of a pipeline that never ran if there is no file.
  ///
  /// @throws StateException if the file is not this pipeline's whole state
  public static PipelineState read(Path file, String pipeline) throws IOException {
    return StateFile.read(file, pipeline).state();
  }

  /// A state as a file holds it that has no journal.
  public static String json(PipelineState state) {
    return new String(StateFormat.write(new StateFormat.Whole(state, "")), StandardCharsets.UTF_8);
  }

  /// Reads a state without holding it, when it is asked to.
  public static StateReader reader(Path folder, String pipeline) {
    Path file = fileOf(folder, pipeline);
    return new StateReader() {
      @Override
      public PipelineState read() throws IOException {
        return FileStateStore.read(file, pipeline);
      }

      @Override
      public String location() {
        return file.toString();
      }
    };
  }

  @Override
  public PipelineState state() {
    return contents.state();
  }

  @Override
  public void write(PipelineState next) throws IOException {
    contents.write(next);
  }

  @Override
  public String location() {
    return file.toString();
  }

  /// Where the state is.
  public Path file() {
    return file;
  }

  @Override
  public void close() throws IOException {
    try (lock) {
      contents.close();
    }
  }
}
