using Microsoft.Win32.SafeHandles;

namespace Orleans.Pipeline.Cli.Output;

/// <summary>
/// Standard output as bytes. A write to a pipe without a reader raises <see cref="OutputClosedException"/>. The framework's own stream
/// drops such bytes silently, so that a command without an end would never stop.
/// </summary>
internal sealed class StandardOutput : Stream
{
    private const int StandardOutputHandle = 1;
    private const int BrokenPipe = 32; // EPIPE

    private readonly Stream _stream = Open();

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            _stream.Write(buffer);
        }
        catch (IOException closed) when (closed.HResult == BrokenPipe)
        {
            throw new OutputClosedException();
        }
    }

    public override void Flush() => _stream.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>Other commands of a script may write to the same file. Only the framework's stream keeps the shared position.</summary>
    private static Stream Open()
    {
        var standard = Console.OpenStandardOutput();
        if (OperatingSystem.IsWindows() || !Console.IsOutputRedirected)
        {
            return standard;
        }

        var pipe = new FileStream(new SafeFileHandle(StandardOutputHandle, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        return pipe.CanSeek ? standard : pipe;
    }
}

/// <summary>The reader of the output, such as <c>head</c>, has closed it. The command then ends quietly.</summary>
internal sealed class OutputClosedException : Exception;
