package dev.tapline.sink.parquet;

import java.util.Map;

final class AvroZstdContractTest extends FilesContract {
  AvroZstdContractTest() {
    super(Map.of("format", "avro"));
  }
}
