package dev.tapline.sink.parquet.reader;

import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apache.parquet.format.converter.ParquetMetadataConverter;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;

/// The bytes of a Parquet file, and its footer. parquet-java's `ParquetFileReader` needs Hadoop's
/// classes, whatever its options say.
final class ParquetFile implements Closeable {
  private static final int TAIL = 8;

  private final Path path;
  private final FileChannel channel;
  private final ParquetMetadata footer;

  ParquetFile(Path path) throws IOException {
    this.path = path;
    this.channel = FileChannel.open(path, StandardOpenOption.READ);
    try {
      this.footer = readFooter();
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  ParquetMetadata footer() {
    return footer;
  }

  byte[] read(long position, int length) throws IOException {
    byte[] bytes = new byte[length];
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    while (buffer.hasRemaining()) {
      if (position < 0 || channel.read(buffer, position + buffer.position()) < 0) {
        throw new EOFException(path + " ends too early");
      }
    }
    return bytes;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private ParquetMetadata readFooter() throws IOException {
    long end = channel.size() - TAIL;
    int length = ByteBuffer.wrap(read(end, TAIL)).order(ByteOrder.LITTLE_ENDIAN).getInt();
    return new ParquetMetadataConverter()
        .readParquetMetadata(
            new ByteArrayInputStream(read(end - length, length)),
            ParquetMetadataConverter.NO_FILTER);
  }
}
