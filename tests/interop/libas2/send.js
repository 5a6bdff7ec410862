'use strict'
const fs = require('fs')
const http = require('http')
const path = require('path')
const { AS2Composer, AS2Parser, request } = require('libas2')
const { settings, agreement, say } = require('./agreement')

// The receipt that is posted to us, for an agreement with asynchronous receipts.
function receiptServer () {
  return new Promise(resolve => {
    const server = http.createServer((request, response) => {
      const chunks = []
      request.on('data', chunk => chunks.push(chunk))
      request.on('end', () => {
        response.writeHead(200).end()
        server.close()
        server.taken({ headers: request.rawHeaders, content: Buffer.concat(chunks) })
      })
    })
    server.receipt = new Promise(taken => { server.taken = taken })
    server.listen(0, '127.0.0.1', () => resolve(server))
  })
}

async function main () {
  const server = settings.asynchronous ? await receiptServer() : undefined
  if (server) {
    agreement.host.url = `http://127.0.0.1:${server.address().port}/receipts`
    agreement.host.mdn.async = true
  }
  const composer = new AS2Composer({
    message: {
      filename: path.basename(settings.payload),
      contentType: settings.contentType,
      content: fs.readFileSync(settings.payload)
    },
    agreement
  })
  const answer = await request(await composer.toRequestOptions())
  const mime = server ? await AS2Parser.parse(await server.receipt) : await answer.mime()
  const receipt = await mime.dispositionIn(settings.receipt ? { cert: agreement.partner.certificate } : undefined)
  say({
    status: answer.statusCode,
    answered: answer.rawBody ? answer.rawBody.length : 0,
    messageId: composer.message.messageId(),
    originalMessageId: receipt.notification.originalMessageId,
    processed: receipt.notification.disposition.processed,
    description: receipt.notification.disposition.description,
    mic: receipt.notification.receivedContentMic
  })
}

main().catch(error => {
  process.stderr.write((error.stack || JSON.stringify(error) || String(error)) + '\n')
  process.exit(1)
})
