'use strict'
const fs = require('fs')
const http = require('http')
const path = require('path')
const { AS2Parser } = require('libas2')
const { settings, agreement, say } = require('./agreement')

// libas2 takes a message's body as text: binary layers go to it in base64.
function readable (request, body) {
  const headers = request.rawHeaders.slice()
  if (/pkcs7-mime/i.test(request.headers['content-type'] || '') && !/base64/i.test(request.headers['content-transfer-encoding'] || '')) {
    return { headers: withoutEncoding(headers), content: body.toString('base64') }
  }
  return { headers, content: body }
}

function withoutEncoding (raw) {
  const kept = []
  for (let i = 0; i < raw.length; i += 2) {
    if (!/^content-transfer-encoding$/i.test(raw[i])) kept.push(raw[i], raw[i + 1])
  }
  return [...kept, 'Content-Transfer-Encoding', 'base64']
}

async function take (request, body) {
  const mime = await AS2Parser.parse(readable(request, body))
  const { contentNode, dispositionNode, disposition } = await mime.dispositionOut({ agreement })
  const processed = disposition.notification.disposition.processed
  if (processed) fs.writeFileSync(path.join(settings.inbox, path.basename(contentNode.filename || 'payload')), contentNode.content || '')
  say({ messageId: mime.messageId(), fileName: contentNode && contentNode.filename, ...disposition.notification.disposition })
  return dispositionNode.buildObject()
}

// On the same connection, or posted to where the message asks for.
function answer (url, { headers, body }, response) {
  if (!url) return response.writeHead(200, headers).end(body)
  response.writeHead(200).end()
  const octets = Buffer.from(body)
  http.request(url, { method: 'POST', headers: { ...headers, 'content-length': octets.length } }, posted => {
    posted.resume()
    say({ posted: posted.statusCode })
  }).end(octets)
}

const server = http.createServer((request, response) => {
  const chunks = []
  request.on('data', chunk => chunks.push(chunk))
  request.on('end', () => take(request, Buffer.concat(chunks))
    .then(receipt => answer(request.headers['receipt-delivery-option'], receipt, response))
    .catch(error => {
      say({ error: error.message })
      response.writeHead(500).end(error.message)
    }))
})

server.listen(0, '127.0.0.1', () => say({ port: server.address().port }))
process.stdin.resume().on('end', () => process.exit(0))
