package dev.tapline.it;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.arrow.dataset.file.FileFormat;
import org.apache.arrow.dataset.file.FileSystemDatasetFactory;
import org.apache.arrow.dataset.jni.NativeMemoryPool;
import org.apache.arrow.dataset.scanner.ScanOptions;
import org.apache.arrow.dataset.scanner.Scanner;
import org.apache.arrow.dataset.source.Dataset;
import org.apache.arrow.dataset.source.DatasetFactory;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.ExtensionTypeVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.apache.arrow.vector.TimeMicroVector;
import org.apache.arrow.vector.TimeStampMicroTZVector;
import org.apache.arrow.vector.TimeStampMicroVector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.jspecify.annotations.Nullable;

/// Arrow's C++ reader, the one behind pyarrow.
final class ArrowReadBack implements ReadBack {
  private static final int BATCH = 1_024;

  private final BufferAllocator allocator = new RootAllocator();

  @Override
  @SuppressWarnings("try") // Arrow's resources may say that they were interrupted when closed
  public List<Row> rows(Path folder) throws Exception {
    List<Row> rows = new ArrayList<>();
    for (Path file : ReadBack.files(folder, ".parquet")) {
      try (DatasetFactory factory =
              new FileSystemDatasetFactory(
                  allocator,
                  NativeMemoryPool.getDefault(),
                  FileFormat.PARQUET,
                  file.toUri().toString());
          Dataset dataset = factory.finish();
          Scanner scanner = dataset.newScan(new ScanOptions(BATCH));
          ArrowReader reader = scanner.scanBatches()) {
        while (reader.loadNextBatch()) {
          VectorSchemaRoot root = reader.getVectorSchemaRoot();
          for (int i = 0; i < root.getRowCount(); i++) {
            int id = ((Number) root.getVector("id").getObject(i)).intValue();
            rows.add(new Row(id, literal(root.getVector("v"), i)));
          }
        }
      }
    }
    return rows;
  }

  @Override
  public void close() {
    allocator.close();
  }

  private static @Nullable String literal(FieldVector vector, int i) {
    if (vector.isNull(i)) {
      return null;
    }
    return switch (vector) {
      case ExtensionTypeVector<?> extension ->
          literal((FieldVector) extension.getUnderlyingVector(), i);
      case ListVector list -> {
        List<@Nullable String> elements = new ArrayList<>();
        for (int at = list.getElementStartIndex(i); at < list.getElementEndIndex(i); at++) {
          elements.add(literal(list.getDataVector(), at));
        }
        yield Literals.array(elements);
      }
      case BitVector bits -> Boolean.toString(bits.get(i) == 1);
      case DateDayVector days -> Literals.date(days.get(i));
      case TimeMicroVector micros -> Literals.time(micros.get(i));
      case TimeStampMicroTZVector micros -> Literals.timestamp(micros.get(i), "+00");
      case TimeStampMicroVector micros -> Literals.timestamp(micros.get(i), "");
      case FixedSizeBinaryVector bytes -> uuid(ByteBuffer.wrap(bytes.get(i)));
      case VarBinaryVector bytes -> Literals.bytes(bytes.get(i));
      default -> String.valueOf(vector.getObject(i));
    };
  }

  private static String uuid(ByteBuffer bytes) {
    return new UUID(bytes.getLong(), bytes.getLong()).toString();
  }
}
