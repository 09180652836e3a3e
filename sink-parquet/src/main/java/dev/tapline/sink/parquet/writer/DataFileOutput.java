package dev.tapline.sink.parquet.writer;

import dev.tapline.files.DataFile;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Objects;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.SortingColumn;
import org.apache.parquet.format.Util;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;
import org.jspecify.annotations.Nullable;

/// Adapts a [DataFile] to parquet-java. Closing it does not finish the file: parquet-java closes it
/// even if writing the footer has failed.
final class DataFileOutput implements OutputFile {
  private static final int BUFFER = 256 << 10;
  private static final int TAIL = 8;

  private final OutputStream out;
  private @Nullable ByteArrayOutputStream held;

  DataFileOutput(DataFile file) {
    this.out = new BufferedOutputStream(file.stream(), BUFFER);
  }

  /// Holds back what is written from now on: the indexes and the footer.
  void holdFooter() {
    held = new ByteArrayOutputStream();
  }

  /// Writes what was held back, after adding the sort order of each row group to the footer, which
  /// parquet-java's writer cannot do.
  void releaseFooter(List<List<SortingColumn>> orders) throws IOException {
    ByteArrayOutputStream kept = held;
    if (kept == null) {
      throw new IllegalStateException("nothing was held");
    }
    held = null;
    byte[] end = kept.toByteArray();
    int length =
        ByteBuffer.wrap(end, end.length - TAIL, Integer.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .getInt();
    int start = end.length - TAIL - length;
    FileMetaData footer = Util.readFileMetaData(new ByteArrayInputStream(end, start, length));
    List<RowGroup> groups = Objects.requireNonNull(footer.getRow_groups(), "row groups");
    for (int i = 0; i < orders.size(); i++) {
      if (!orders.get(i).isEmpty()) {
        groups.get(i).setSorting_columns(orders.get(i));
      }
    }
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    Util.writeFileMetaData(footer, written);
    out.write(end, 0, start);
    written.writeTo(out);
    out.write(
        ByteBuffer.allocate(Integer.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt(written.size())
            .array());
    out.write(end, end.length - Integer.BYTES, Integer.BYTES);
    out.flush();
  }

  @Override
  public PositionOutputStream create(long blockSize) {
    return new Positioned();
  }

  @Override
  public PositionOutputStream createOrOverwrite(long blockSize) {
    return create(blockSize);
  }

  @Override
  public boolean supportsBlockSize() {
    return false;
  }

  @Override
  public long defaultBlockSize() {
    return 0;
  }

  private OutputStream target() {
    ByteArrayOutputStream kept = held;
    return kept == null ? out : kept;
  }

  private final class Positioned extends PositionOutputStream {
    private long position;

    @Override
    public long getPos() {
      return position;
    }

    @Override
    public void write(int value) throws IOException {
      target().write(value);
      position++;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      target().write(bytes, offset, length);
      position += length;
    }

    @Override
    public void flush() throws IOException {
      out.flush();
    }

    @Override
    public void close() throws IOException {
      out.flush();
    }
  }
}
