package dev.tapline.sink.parquet;

import java.util.Map;

final class ParquetCompactContractTest extends FilesContract {
  ParquetCompactContractTest() {
    super(Map.of("compact", true));
  }
}
