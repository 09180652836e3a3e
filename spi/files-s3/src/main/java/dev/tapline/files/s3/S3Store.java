package dev.tapline.files.s3;

import dev.tapline.files.objects.ObjectStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.NoSuchUploadException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/// A bucket in S3. The SDK is loaded with the first request.
public final class S3Store implements ObjectStore {
  private static final String BYTES = "application/octet-stream";
  private static final int MAX_KEYS = 1_000;
  private static final int NOT_FOUND = 404;

  private final S3Config config;
  private final String bucket;
  private final S3Errors problems;
  private @Nullable S3Client client;

  private interface Request<T> {
    T send(S3Client client);
  }

  /// Creates a store; nothing is requested yet.
  public S3Store(S3Config config) {
    this.config = config;
    this.bucket = config.bucket();
    this.problems = new S3Errors(bucket, config.options().find(S3Config.ENDPOINT).orElse("Amazon"));
  }

  @Override
  public String address() {
    return S3Config.SCHEME + "://" + bucket;
  }

  @Override
  public Optional<String> read(String key) throws IOException {
    return send(
        "cannot read",
        key,
        "s3:GetObject",
        s3 -> {
          try {
            return Optional.of(
                s3.getObjectAsBytes(request -> request.bucket(bucket).key(key)).asUtf8String());
          } catch (NoSuchKeyException e) {
            return Optional.empty();
          }
        });
  }

  @Override
  public void write(String key, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    send(
        "cannot write",
        key,
        "s3:PutObject",
        s3 ->
            s3.putObject(
                request -> request.bucket(bucket).key(key).contentMD5(md5(bytes, bytes.length)),
                RequestBody.fromBytes(bytes)));
  }

  @Override
  public boolean exists(String key) throws IOException {
    return send(
        "cannot look at",
        key,
        "s3:GetObject",
        s3 -> {
          try {
            s3.headObject(request -> request.bucket(bucket).key(key));
            return true;
          } catch (S3Exception e) {
            if (e.statusCode() == NOT_FOUND) {
              return false;
            }
            throw e;
          }
        });
  }

  @Override
  public List<String> list(String prefix, int most) throws IOException {
    return send(
        "cannot list",
        prefix,
        "s3:ListBucket",
        s3 -> {
          List<String> found = new ArrayList<>();
          String token = null;
          do {
            String from = token;
            ListObjectsV2Response page =
                s3.listObjectsV2(request ->
                    request
                        .bucket(bucket)
                        .prefix(prefix)
                        .maxKeys(Math.min(most, MAX_KEYS))
                        .continuationToken(from));
            page.contents().forEach(object -> found.add(object.key()));
            token = Boolean.TRUE.equals(page.isTruncated()) ? page.nextContinuationToken() : null;
          } while (token != null && found.size() < most);
          return found;
        });
  }

  @Override
  public void delete(String key) throws IOException {
    send(
        "cannot delete",
        key,
        "s3:DeleteObject",
        s3 -> s3.deleteObject(request -> request.bucket(bucket).key(key)));
  }

  @Override
  public Upload begin(String key) throws IOException {
    return send(
        "cannot begin an upload to",
        key,
        "s3:PutObject",
        s3 ->
            new Upload(
                key,
                s3.createMultipartUpload(
                        request -> request.bucket(bucket).key(key).contentType(BYTES))
                    .uploadId()));
  }

  @Override
  public String upload(Upload upload, int number, byte[] bytes, int length) throws IOException {
    ContentStreamProvider content = () -> new java.io.ByteArrayInputStream(bytes, 0, length);
    String tag =
        send(
            "cannot upload to",
            upload.key(),
            "s3:PutObject",
            s3 ->
                s3.uploadPart(
                        request ->
                            request
                                .bucket(bucket)
                                .key(upload.key())
                                .uploadId(upload.id())
                                .partNumber(number)
                                .contentLength((long) length)
                                .contentMD5(md5(bytes, length)),
                        RequestBody.fromContentProvider(content, length, BYTES))
                    .eTag());
    return tag.replace("\"", "");
  }

  @Override
  public boolean complete(Upload upload, List<String> tags) throws IOException {
    List<CompletedPart> parts =
        IntStream.range(0, tags.size())
            .mapToObj(i ->
                CompletedPart.builder().partNumber(i + 1).eTag('"' + tags.get(i) + '"').build())
            .toList();
    return send(
        "cannot complete the upload of",
        upload.key(),
        "s3:PutObject",
        s3 -> {
          try {
            s3.completeMultipartUpload(request ->
                request
                    .bucket(bucket)
                    .key(upload.key())
                    .uploadId(upload.id())
                    .multipartUpload(completed -> completed.parts(parts)));
            return true;
          } catch (NoSuchUploadException e) {
            return false;
          }
        });
  }

  @Override
  public void abort(Upload upload) throws IOException {
    send(
        "cannot abort the upload of",
        upload.key(),
        "s3:AbortMultipartUpload",
        s3 -> {
          try {
            return s3.abortMultipartUpload(
                request -> request.bucket(bucket).key(upload.key()).uploadId(upload.id()));
          } catch (NoSuchUploadException e) {
            return false;
          }
        });
  }

  @Override
  public List<Upload> uploads(String prefix) throws IOException {
    return send(
        "cannot list the uploads to",
        prefix,
        "s3:ListBucketMultipartUploads",
        s3 -> {
          List<Upload> found = new ArrayList<>();
          String key = null;
          String id = null;
          boolean more = true;
          while (more) {
            String fromKey = key;
            String fromId = id;
            ListMultipartUploadsResponse page =
                s3.listMultipartUploads(request ->
                    request
                        .bucket(bucket)
                        .prefix(prefix)
                        .keyMarker(fromKey)
                        .uploadIdMarker(fromId));
            page.uploads()
                .forEach(upload -> found.add(new Upload(upload.key(), upload.uploadId())));
            more = Boolean.TRUE.equals(page.isTruncated());
            key = page.nextKeyMarker();
            id = page.nextUploadIdMarker();
          }
          return found;
        });
  }

  @Override
  public synchronized void close() {
    S3Client open = client;
    client = null;
    if (open != null) {
      open.close();
    }
  }

  private <T> T send(String action, String key, String permission, Request<T> request)
      throws IOException {
    try {
      return request.send(client());
    } catch (SdkException e) {
      throw problems.explain(action, key, permission, e);
    }
  }

  private synchronized S3Client client() throws IOException {
    S3Client open = client;
    if (open == null) {
      open = S3ClientFactory.make(config);
      client = open;
    }
    return open;
  }

  private static String md5(byte[] bytes, int length) {
    try {
      MessageDigest digest = MessageDigest.getInstance("MD5");
      digest.update(ByteBuffer.wrap(bytes, 0, length));
      return Base64.getEncoder().encodeToString(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has MD5", e);
    }
  }
}
