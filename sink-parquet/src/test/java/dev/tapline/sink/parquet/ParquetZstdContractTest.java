package dev.tapline.sink.parquet;

import java.util.Map;

final class ParquetZstdContractTest extends FilesContract {
  ParquetZstdContractTest() {
    super(Map.of());
  }
}
