using System.Text;

namespace Orleans.Pipeline.Tasks;

/// <summary>
/// Bounds the error stacks in the dead letters of one chunk, because a stack may be a hundred times as large as its record. When the
/// bytes are used up, only the first dead letter of each cause still gets a stack. Safe to use from many threads.
/// </summary>
/// <param name="bytes">The most bytes of all stacks. The first stack of a cause may exceed them.</param>
internal sealed class ErrorStacks(int bytes)
{
    public const int MaximumStack = 8 << 10;

    /// <summary>A stack cut to fewer bytes than this says nothing, so it is left out.</summary>
    private const int MinimumStack = 256;

    private const int MaximumLastLine = 64;

    private readonly Lock _lock = new();
    private readonly HashSet<DeadLetterCause> _told = [];
    private int _left = bytes;

    /// <summary>Returns the stack of an error, in UTF-8.</summary>
    /// <param name="error">The error.</param>
    /// <param name="cause">The cause to which the error counts.</param>
    /// <param name="room">The most bytes of the stack.</param>
    /// <returns>The stack; null if the error has none, or there is no room for it.</returns>
    public byte[]? Take(Exception error, DeadLetterCause cause, long room)
    {
        lock (_lock)
        {
            if (_left <= 0 && _told.Contains(cause))
            {
                return null;
            }
        }

        var stack = Cut(Encoding.UTF8.GetBytes(TextOf(error)), (int)Math.Clamp(room, 0, MaximumStack));
        lock (_lock)
        {
            _told.Add(cause);
            _left -= stack?.Length ?? 0;
        }

        return stack;
    }

    /// <summary>
    /// Returns the error's text with its inner errors. The type and message in front are left out, because a dead letter has them
    /// already.
    /// </summary>
    private static string TextOf(Exception error)
    {
        string text;
        try
        {
            text = error.ToString();
        }
        catch (Exception) // The error is a user's, and its ToString may fail too.
        {
            text = error.StackTrace ?? "";
        }

        var type = error.GetType().ToString();
        var head = string.IsNullOrEmpty(error.Message) ? type : $"{type}: {error.Message}";
        return (text.StartsWith(head, StringComparison.Ordinal) ? text[head.Length..] : text).ReplaceLineEndings("\n").Trim('\n');
    }

    private static byte[]? Cut(byte[] stack, int most)
    {
        if (stack.Length == 0 || (stack.Length > most && most < MinimumStack))
        {
            return null;
        }

        if (stack.Length <= most)
        {
            return stack;
        }

        var kept = stack.AsSpan(0, most - MaximumLastLine).LastIndexOf((byte)'\n');
        if (kept <= 0)
        {
            for (kept = most - MaximumLastLine; (stack[kept] & 0xC0) == 0x80; kept--)
            {
                // Do not cut a character in two.
            }
        }

        return [.. stack.AsSpan(0, kept), .. Encoding.UTF8.GetBytes($"\n   ... {stack.Length - kept} of {stack.Length} bytes cut off")];
    }
}
