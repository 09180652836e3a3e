package dev.tapline.sink.jsonl.files;

import dev.tapline.files.DataFile;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;

/// A data file that is written with compression.
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

  /// The bytes that have reached the file so far; the compressor buffers some.
  long bytesOnDisk() {
    return file.size();
  }

  void write(byte[] bytes, int offset, int length) throws IOException {
    out.write(bytes, offset, length);
  }

  /// Completes the file and makes it durable.
  void finish() throws IOException {
    out.close();
    file.finish();
  }

  /// Discards the file unless it is finished.
  @Override
  public void close() throws IOException {
    file.abandon();
    try (file) {
      out.close();
    }
  }
}
