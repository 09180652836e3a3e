package dev.tapline.files.s3;

import dev.tapline.spi.TransientException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/// Explains a store's errors: names the object, the reason and the remedy.
///
/// @param bucket the bucket, for the messages
/// @param endpoint the address of the store, for the messages
record S3Errors(String bucket, String endpoint) {
  private static final int MOVED = 301;
  private static final int BAD_REQUEST = 400;
  private static final Set<String> INCOMPLETE_REQUEST =
      Set.of("", "IncompleteBody", "RequestTimeout");
  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;
  private static final int TOO_MANY = 429;
  private static final int SERVER_ERROR = 500;

  /// @param action the action that failed, as in `cannot write`
  /// @param permission the permission that the action needs
  IOException explain(String action, String key, String permission, SdkException cause) {
    String what = "%s s3://%s/%s: ".formatted(action, bucket, key);
    if (cause instanceof AbortedException) {
      InterruptedIOException interrupted = new InterruptedIOException(what + "interrupted");
      interrupted.initCause(cause);
      return interrupted;
    }
    if (cause instanceof S3Exception answer) {
      String sentence = what + reason(answer, permission);
      return mayPass(answer)
          ? new TransientException(sentence, cause)
          : new IOException(sentence, cause);
    }
    String message = String.valueOf(cause.getMessage());
    if (message.contains("Unable to load credentials")) {
      return new IOException(
          what
              + "there are no credentials; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, sink.s3.profile, or"
              + " sink.s3.access-key and secret-key",
          cause);
    }
    return ioCause(cause)
        .<IOException>map(network ->
            new TransientException(
                what
                    + "no answer from %s (%s); is it the right address, and up?"
                        .formatted(endpoint, network),
                cause))
        .orElseGet(() -> new IOException(what + message, cause));
  }

  // A store's answers have a code. An answer without one comes from a proxy that has received an
  // incomplete request.
  private static boolean mayPass(S3Exception answer) {
    return answer.statusCode() >= SERVER_ERROR
        || answer.statusCode() == TOO_MANY
        || (answer.statusCode() == BAD_REQUEST && INCOMPLETE_REQUEST.contains(code(answer)));
  }

  private static String code(S3Exception answer) {
    String code = answer.awsErrorDetails() == null ? null : answer.awsErrorDetails().errorCode();
    return code == null ? "" : code;
  }

  private String reason(S3Exception answer, String permission) {
    return switch (code(answer)) {
      case "NoSuchBucket" ->
          "there is no bucket '%s' at %s; make it, or set sink.path to another one"
              .formatted(bucket, endpoint);
      case "AuthorizationHeaderMalformed",
          "PermanentRedirect",
          "IllegalLocationConstraintException" ->
          wrongRegion(answer);
      case "RequestTimeTooSkewed" ->
          "this machine's clock differs too much from the store's; set it (NTP)";
      case "InvalidAccessKeyId" ->
          "the store does not know this access key; is it of another store or account, or deleted?";
      case "SignatureDoesNotMatch" ->
          "the secret key does not belong to the access key; set sink.s3.secret-key or AWS_SECRET_ACCESS_KEY";
      case "ExpiredToken", "InvalidToken" ->
          "the credentials have expired or are not valid here; sign in again, or give others";
      default -> byStatus(answer, permission);
    };
  }

  private String byStatus(S3Exception answer, String permission) {
    return switch (answer.statusCode()) {
      case MOVED -> wrongRegion(answer);
      case FORBIDDEN ->
          "access denied; these credentials need %s for bucket '%s'".formatted(permission, bucket);
      case NOT_FOUND -> "it is not there: " + answer.getMessage();
      default -> "the store answers: " + answer.getMessage();
    };
  }

  private String wrongRegion(S3Exception answer) {
    String region =
        answer.awsErrorDetails() == null || answer.awsErrorDetails().sdkHttpResponse() == null
            ? ""
            : answer
                .awsErrorDetails()
                .sdkHttpResponse()
                .firstMatchingHeader("x-amz-bucket-region")
                .orElse("");
    return region.isEmpty()
        ? "the bucket '%s' is in another region; set sink.s3.region".formatted(bucket)
        : "the bucket '%s' is in another region; set sink.s3.region to %s"
            .formatted(bucket, region);
  }

  private static Optional<String> ioCause(Throwable cause) {
    Optional<String> found = Optional.empty();
    for (Throwable at = cause.getCause(); at != null; at = at.getCause()) {
      if (at instanceof IOException) {
        found = Optional.of(at.toString().replaceFirst("^[\\w.]+\\.", ""));
      }
    }
    return found;
  }
}
