package dev.tapline.sink.jsonl.files;

import dev.tapline.files.DataFile;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;

/// A data file under way, compressed.
final class CompressedFile implements Closeable {
  private final DataFile file;
  private final OutputStream out;

  CompressedFile(DataFile file, Compression compression, int level) throws IOException {
    this.file = file;
    try {
      out = compression.wrap(file.stream(), level);
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }

  /// How much has reached the file so far; a compressor holds some back.
  long bytesOnDisk() {
    return file.size();
  }

  void write(byte[] bytes, int offset, int length) throws IOException {
    out.write(bytes, offset, length);
  }

  /// Ends the file: afterwards it survives a crash of the machine.
  void finish() throws IOException {
    out.close();
    file.finish();
  }

  /// Lets go of a file that is given up, whatever the compressor still holds.
  @Override
  public void close() throws IOException {
    file.abandon();
    try (file) {
      out.close();
    }
  }
}
