namespace Orleans.Pipeline;

/// <summary>The result of an append: the offsets of the batch.</summary>
/// <param name="BaseOffset">The offset of the batch's first record.</param>
/// <param name="NextOffset">One past the offset of its last record.</param>
/// <param name="IsRepeat">Whether the batch was appended before. The offsets are then those of the first append.</param>
public readonly record struct AppendResult(long BaseOffset, long NextOffset, bool IsRepeat);
