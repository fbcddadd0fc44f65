using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Orleans.Pipeline.Wire;

namespace Orleans.Pipeline.Gateway.Reading.Tailing;

/// <remarks>Source: HTML Living Standard, "Server-sent events".</remarks>
internal sealed class EventStream(PipeWriter output) : IDisposable
{
    private const int FlushBytes = 32 << 10;

    private static readonly SearchValues<byte> LineEnds = SearchValues.Create("\r\n"u8);

    private readonly ArrayBufferWriter<byte> _event = new();
    private readonly Utf8JsonWriter _json = new(Stream.Null, RecordJsonWriter.Options);
    private readonly ArrayBufferWriter<byte> _data = new();
    private long _unflushed;

    public bool IsFull => _unflushed >= FlushBytes;

    /// <summary>Writes the positions of the tail, without an event. A client that reconnects sends them back.</summary>
    public void WritePositions(TailPositions positions)
    {
        WriteId(positions);
        End();
    }

    /// <summary>Writes a record as an event. The event's id is the position after the record.</summary>
    public void WriteRecord(in Record record, int partition, TailPositions positions)
    {
        _data.ResetWrittenCount();
        _json.Reset(_data);
        RecordJsonWriter.Write(_json, record, partition);
        _json.Flush();
        WriteId(positions);
        _event.Write("event: record\n"u8);
        WriteData(_data.WrittenSpan);
        End();
    }

    /// <summary>Writes an error as the last event.</summary>
    public void WriteProblem(Problem problem)
    {
        _event.Write("event: problem\n"u8);
        WriteData(JsonSerializer.SerializeToUtf8Bytes(problem, WireJson.Readable.Problem));
        End();
    }

    /// <summary>Writes a comment, which clients ignore. It shows that the connection is alive.</summary>
    public void WriteComment(string comment)
    {
        _event.Write(Encoding.UTF8.GetBytes($": {comment}\n"));
        End();
    }

    /// <summary>Waits until the client has received what was written, except what the server still buffers.</summary>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        _unflushed = 0;
        await output.FlushAsync(cancellationToken);
    }

    public void Dispose() => _json.Dispose();

    private void WriteId(TailPositions positions)
    {
        _event.Write("id: "u8);
        positions.WriteTo(_event);
        _event.Write("\n"u8);
    }

    /// <summary>
    /// Writes data. Each line of it becomes a field of its own, and the client joins them again. Line ends in JSON are white space.
    /// </summary>
    private void WriteData(ReadOnlySpan<byte> data)
    {
        while (true)
        {
            var end = data.IndexOfAny(LineEnds);
            _event.Write("data: "u8);
            _event.Write(end < 0 ? data : data[..end]);
            _event.Write("\n"u8);
            if (end < 0)
            {
                return;
            }

            data = data[(end + 1)..];
        }
    }

    private void End()
    {
        _event.Write("\n"u8);
        output.Write(_event.WrittenSpan);
        _unflushed += _event.WrittenCount;
        _event.ResetWrittenCount();
    }
}
