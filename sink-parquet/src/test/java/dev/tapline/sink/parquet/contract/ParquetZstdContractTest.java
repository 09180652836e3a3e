package dev.tapline.sink.parquet.contract;

import java.util.Map;

final class ParquetZstdContractTest extends FolderContract {
  ParquetZstdContractTest() {
    super(Map.of());
  }
}
