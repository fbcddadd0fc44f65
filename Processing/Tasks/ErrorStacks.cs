using System.Text;

namespace Orleans.Pipeline.Tasks;

/// <summary>
/// The stacks that the dead letters of one chunk keep. A stack may be a hundred times as large as its record, so together they are
/// bounded: when their bytes are used up, only the first dead letter of a cause still gets one. Safe to use from many threads.
/// </summary>
/// <param name="bytes">The bytes of them all, but for the first of each cause.</param>
internal sealed class ErrorStacks(int bytes)
{
    /// <summary>The most bytes of a stack.</summary>
    public const int MaximumStack = 8 << 10;

    /// <summary>A stack that would have to be cut to less than this tells nothing.</summary>
    private const int MinimumStack = 256;

    private const int MaximumLastLine = 64;

    private readonly Lock _lock = new();
    private readonly HashSet<DeadLetterCause> _told = [];
    private int _left = bytes;

    /// <summary>Gives the stack of an error, in UTF-8.</summary>
    /// <param name="error">The error.</param>
    /// <param name="cause">The cause that it counts to.</param>
    /// <param name="room">The most bytes that it may have.</param>
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
    /// What the error says of itself, with its inner errors, but for its type and message in front, which a dead letter has already.
    /// </summary>
    private static string TextOf(Exception error)
    {
        string text;
        try
        {
            text = error.ToString();
        }
        catch (Exception) // It is a user's, and may fail too.
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
                // Not amid the bytes of one character.
            }
        }

        return [.. stack.AsSpan(0, kept), .. Encoding.UTF8.GetBytes($"\n   ... {stack.Length - kept} of {stack.Length} bytes cut off")];
    }
}
