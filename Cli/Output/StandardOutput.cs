using Microsoft.Win32.SafeHandles;

namespace Orleans.Pipeline.Cli.Output;

/// <summary>
/// Standard output as bytes. A pipe whose reader has gone raises <see cref="OutputClosedException"/>: the framework's own stream
/// drops what is written to one and says nothing, so that a command without an end would live on.
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

    /// <summary>A file may be shared with other commands of a script, whose place in it only the framework's stream keeps.</summary>
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

/// <summary>Whoever read the output, such as <c>head</c>, has closed it: the command ends quietly.</summary>
internal sealed class OutputClosedException : Exception;
